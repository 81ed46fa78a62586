package keygate.emulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verification asks, read from a body that fits the schema.
 *
 * @param key the presented key
 * @param permissions the permission query; null for none
 * @param cost credits to take; null for the default
 * @param limits rate limits named or sent along, in order
 */
public record VerifyAsk(
        String key, @Nullable String permissions, @Nullable Long cost, List<LimitAsk> limits) {
    /** Keeps the limits as they are now. */
    public VerifyAsk {
        limits = List.copyOf(limits);
    }

    /** Reads a body that fits the schema. Tags and a migration id have no effect here. */
    public static VerifyAsk read(JsonNode body) {
        List<LimitAsk> limits = new ArrayList<>();
        for (JsonNode item : body.path("ratelimits")) {
            limits.add(new LimitAsk(
                    item.path("name").asText(), number(item, "cost"), number(item, "limit"), number(item, "duration")));
        }
        JsonNode query = body.path("permissions");
        return new VerifyAsk(
                body.path("key").asText(),
                query.isTextual() ? query.textValue() : null,
                number(body.path("credits"), "cost"),
                limits);
    }

    private static @Nullable Long number(JsonNode parent, String name) {
        return parent.has(name) ? parent.path(name).longValue() : null;
    }

    @Override
    public String toString() {
        return "VerifyAsk[limits=" + limits + "]";
    }
}
