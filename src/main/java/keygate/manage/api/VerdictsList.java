package keygate.manage.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import keygate.judge.Held;
import keygate.judge.KeyFacts;
import keygate.judge.Verification;
import org.jspecify.annotations.Nullable;

/** {@code verdicts.list}: Unkey's answers that are remembered. One look at all of them for each page. */
final class VerdictsList implements Operation {
    private final Running running;
    private final Cursors cursors;

    VerdictsList(Running running, Cursors cursors) {
        this.running = running;
        this.cursors = cursors;
    }

    @Override
    public String name() {
        return "verdicts.list";
    }

    @Override
    public Shape takes() {
        return Shape.page().text("keyId", 255).text("externalId", 255);
    }

    @Override
    public Answer answer(Input input) throws Problem {
        Held.Position after = position(cursors.open(name(), input.text("cursor")));
        int most = input.whole("limit", Shape.PAGE);
        String keyId = input.text("keyId");
        String externalId = input.text("externalId");
        return Answer.page(
                running.memory()
                        .held(
                                after,
                                most + 1,
                                answer -> (keyId == null || answer.key().isKey(keyId))
                                        && (externalId == null || answer.key().belongsTo(externalId))),
                most,
                placed -> json(placed.held()),
                placed -> cursors.seal(name(), octets(placed.position())));
    }

    private static Held.@Nullable Position position(@Nullable ByteBuffer place) {
        return place == null ? null : new Held.Position(place.getLong(), place.getLong());
    }

    private static byte[] octets(Held.Position position) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(position.key())
                .putLong(position.question())
                .array();
    }

    private static ObjectNode json(Held held) {
        Verification.Answer answer = held.answer();
        KeyFacts key = answer.key();
        KeyFacts.Identity identity = key.identity();
        ObjectNode json = Json.object().put("code", answer.code().label());
        Json.put(json, "keyId", key.keyId());
        Json.put(json, "name", key.name());
        Json.put(json, "externalId", identity == null ? null : identity.externalId());
        json.put("ageMs", held.age().toMillis()).put("holds", held.holds());
        Json.put(json, "expires", key.expires());
        Json.put(json, "credits", answer.credits());
        json.set("ratelimits", Json.list(answer.limits(), limit -> Json.object()
                .put("name", limit.name())
                .put("limit", limit.limit())
                .put("duration", limit.duration())
                .put("remaining", limit.remaining())
                .put("reset", limit.reset())));
        RoutesList.question(json.putObject("asked"), held.asks());
        Json.put(json, "client", held.clientIp());
        return json.put("unkeyRequestId", answer.requestId());
    }
}
