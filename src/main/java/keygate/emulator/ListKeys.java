package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import keygate.emulator.rows.Api;
import keygate.emulator.rows.Identity;
import keygate.emulator.rows.KeyRow;
import keygate.emulator.rows.RootKey;
import keygate.emulator.rows.Tables;
import keygate.emulator.state.Store;
import keygate.emulator.verify.Grants;
import keygate.emulator.verify.VerdictJson;
import keygate.emulator.wire.Json;
import keygate.emulator.wire.Refusal;
import keygate.emulator.wire.Reply;
import org.jspecify.annotations.Nullable;

/** The operation {@code apis.listKeys}: the keys of an API, page by page, ordered by id. */
final class ListKeys implements ApiCall.Work {
    /** Its name. */
    static final String NAME = "apis.listKeys";

    @Override
    public Reply run(Store store, RootKey rootKey, Asked asked, JsonNode body) {
        Api api = api(store.tables(), rootKey, body.path("apiId").asText());
        int limit = body.path("limit").asInt(100);
        List<KeyRow> found = store.tables().keysFrom(body.path("cursor").asText("")).stream()
                .filter(key -> key.apiId().equals(api.id()))
                .filter(key -> belongs(store.tables().identityOf(key), body))
                .limit(limit + 1L)
                .toList();
        ObjectNode envelope = Json.object();
        ArrayNode data = envelope.putArray("data");
        found.stream().limit(limit).forEach(key -> data.add(json(store, key)));
        envelope.putObject("meta").put("requestId", asked.requestId());
        boolean more = found.size() > limit;
        ObjectNode pagination = envelope.putObject("pagination");
        if (more) {
            pagination.put("cursor", found.get(limit).id());
        }
        pagination.put("hasMore", more);
        return Reply.of(200, Reply.JSON, Json.write(envelope));
    }

    private static Api api(Tables tables, RootKey rootKey, String apiId) {
        Api api = tables.api(apiId);
        if (api == null || !api.workspaceId().equals(rootKey.workspaceId())) {
            throw new Refusal(404, "unkey/data/api_not_found", "Not Found", "The API does not exist.");
        }
        if (!Grants.onApi(rootKey, api, "read_key") || !Grants.onApi(rootKey, api, "read_api")) {
            throw new Refusal(
                    403,
                    "unkey/authorization/forbidden",
                    "Forbidden",
                    "The root key needs the permissions read_key and read_api for this API.");
        }
        return api;
    }

    private static boolean belongs(@Nullable Identity identity, JsonNode body) {
        return !body.has("externalId")
                || (identity != null
                        && identity.externalId().equals(body.path("externalId").asText()));
    }

    /** A key as listed: never the key itself. */
    static ObjectNode json(Store store, KeyRow key) {
        ObjectNode json = Json.object().put("createdAt", key.createdAt());
        Long credits = store.balances().of(key.id());
        if (credits != null) {
            json.putObject("credits").put("remaining", credits);
        }
        json.put("enabled", key.enabled());
        if (key.expires() != null) {
            json.put("expires", key.expires());
        }
        Identity identity = store.tables().identityOf(key);
        if (identity != null) {
            json.set("identity", owner(identity));
        }
        json.put("keyId", key.id());
        VerdictJson.meta(json, key.meta());
        if (key.name() != null) {
            json.put("name", key.name());
        }
        VerdictJson.list(json, "permissions", store.tables().permissionsOf(key));
        if (!key.limits().isEmpty()) {
            json.set("ratelimits", VerdictJson.limits(key.limits()));
        }
        VerdictJson.list(json, "roles", key.roles());
        return json.put("start", key.start());
    }

    /** Whose it is, with all limits stored there, shadowed by the key's or not. */
    private static ObjectNode owner(Identity identity) {
        ObjectNode json = Json.object().put("externalId", identity.externalId()).put("id", identity.id());
        VerdictJson.meta(json, identity.meta());
        if (!identity.limits().isEmpty()) {
            json.set("ratelimits", VerdictJson.limits(identity.limits()));
        }
        return json;
    }
}
