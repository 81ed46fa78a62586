package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import keygate.emulator.wire.Json;
import org.jspecify.annotations.Nullable;

/** Carries fields from checked JSON or YAML over to drafts. A field that is absent changes nothing. */
final class Fields {
    private Fields() {}

    /** Everything a key can be given; null clears what can be absent. */
    static KeyDraft key(KeyDraft draft, JsonNode item) {
        if (item.has("apiId")) {
            draft.api(item.path("apiId").asText());
        }
        if (item.has("name")) {
            draft.name(text(item, "name"));
        }
        if (item.has("enabled")) {
            draft.enabled(item.path("enabled").asBoolean());
        }
        if (item.has("expires")) {
            Long expires = moment(item, "expires");
            draft.expires(expires == null ? null : Instant.ofEpochMilli(expires));
        }
        if (item.has("externalId")) {
            draft.identity(text(item, "externalId"));
        }
        return grants(draft, item);
    }

    private static KeyDraft grants(KeyDraft draft, JsonNode item) {
        if (item.has("credits")) {
            Long credits = number(item, "credits");
            KeyDraft ignored = credits == null ? draft.unlimited() : draft.credits(credits);
        }
        if (item.has("meta")) {
            draft.meta(object(item));
        }
        if (item.has("permissions")) {
            draft.permissions(texts(item, "permissions"));
        }
        if (item.has("roles")) {
            draft.roles(texts(item, "roles"));
        }
        if (item.has("ratelimits")) {
            draft.withoutRatelimits();
            limits(item).forEach(limit -> draft.ratelimit(limit.name, limit.limit, limit.duration, limit.autoApply));
        }
        return draft;
    }

    /** Everything an identity can be given. */
    static IdentityDraft identity(IdentityDraft draft, JsonNode item) {
        if (item.has("identityId")) {
            draft.id(item.path("identityId").asText());
        }
        if (item.has("meta")) {
            draft.meta(object(item));
        }
        if (item.has("ratelimits")) {
            draft.withoutRatelimits();
            limits(item).forEach(limit -> draft.ratelimit(limit.name, limit.limit, limit.duration, limit.autoApply));
        }
        return draft;
    }

    /** A list of strings; empty when absent. */
    static String[] texts(JsonNode item, String name) {
        List<String> texts = new ArrayList<>();
        item.path(name).forEach(text -> texts.add(text.asText()));
        return texts.toArray(String[]::new);
    }

    /** A string; null when absent or null. */
    static @Nullable String text(JsonNode item, String name) {
        return item.hasNonNull(name) ? item.path(name).asText() : null;
    }

    /** A whole number; null when absent or null. */
    static @Nullable Long number(JsonNode item, String name) {
        return item.hasNonNull(name) ? item.path(name).longValue() : null;
    }

    /** Epoch milliseconds from a number or a UTC time; null when absent or null. */
    static @Nullable Long moment(JsonNode item, String name) {
        JsonNode value = item.path(name);
        if (value.isTextual()) {
            return Instant.parse(value.textValue()).toEpochMilli();
        }
        return number(item, name);
    }

    private static ObjectNode object(JsonNode item) {
        return item.path("meta") instanceof ObjectNode meta ? meta : Json.object();
    }

    private static List<Sent> limits(JsonNode item) {
        List<Sent> limits = new ArrayList<>();
        item.path("ratelimits")
                .forEach(limit -> limits.add(new Sent(
                        limit.path("name").asText(),
                        limit.path("limit").longValue(),
                        limit.path("duration").longValue(),
                        limit.path("autoApply").asBoolean())));
        return limits;
    }

    /** A rate limit as it was sent. */
    private record Sent(String name, long limit, long duration, boolean autoApply) {}
}
