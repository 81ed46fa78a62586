package keygate.manage.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What was sent to an operation, of the {@link Shape} that it takes. */
public final class Input {
    private final JsonNode body;

    Input(JsonNode body) {
        this.body = body;
    }

    /** A text, or null where it was left out. */
    @Nullable
    String text(String name) {
        return body.path(name).textValue();
    }

    String text(String name, String or) {
        return body.path(name).asText(or);
    }

    /** An object; empty where it was left out. */
    JsonNode object(String name) {
        return body.path(name);
    }

    int whole(String name, int or) {
        return body.path(name).asInt(or);
    }

    boolean has(String name) {
        return body.has(name);
    }
}
