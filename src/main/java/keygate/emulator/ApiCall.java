package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import keygate.emulator.rows.RootKey;
import keygate.emulator.schema.Rule;
import keygate.emulator.state.Lookup;
import keygate.emulator.state.Store;
import keygate.emulator.wire.Json;
import keygate.emulator.wire.Reply;

/** What every operation of the API goes through: schema, root key, workspace limit, and only then its own work. */
final class ApiCall implements Operation {
    private final World world;
    private final Rule rule;
    private final Work work;

    ApiCall(World world, Rule rule, Work work) {
        this.world = world;
        this.rule = rule;
        this.work = work;
    }

    @Override
    public Reply answer(Asked asked) {
        RequestCheck.security(asked);
        JsonNode body = RequestCheck.body(asked, rule);
        return world.with(store -> admitted(store, asked, body));
    }

    private Reply admitted(Store store, Asked asked, JsonNode body) {
        Doorkeeper door = new Doorkeeper(store, asked.when());
        String header = asked.header("authorization");
        Lookup<RootKey> found = door.rootKey(header == null ? "" : header);
        RootKey rootKey = found.row();
        if (rootKey == null) {
            throw Doorkeeper.unknownRootKey();
        }
        Doorkeeper.Quota quota = door.count(rootKey);
        Reply reply = timing(work.run(store, rootKey, asked, body), found.status());
        return quota == null ? reply : quota.on(reply);
    }

    /** Adds how a row was found; Unkey reports one such header for the root key and one for the presented key. */
    static Reply timing(Reply reply, String status) {
        return reply.header("X-Unkey-Timing", "cache_swr{cache=verification_key_by_hash,status=" + status + "}=1.2us");
    }

    /** An answer with 200: data before meta, as Unkey writes it. */
    static Reply ok(JsonNode data, String requestId) {
        ObjectNode envelope = Json.object();
        envelope.set("data", data);
        envelope.putObject("meta").put("requestId", requestId);
        return Reply.of(200, Reply.JSON, Json.write(envelope));
    }

    /** The work of one operation, done while the world is held. */
    @FunctionalInterface
    interface Work {
        Reply run(Store store, RootKey rootKey, Asked asked, JsonNode body);
    }
}
