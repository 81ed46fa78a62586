package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.MultiMap;
import keygate.emulator.state.When;
import keygate.emulator.wire.ClientAddress;
import keygate.emulator.wire.Json;
import org.jspecify.annotations.Nullable;

/**
 * A request, read in full.
 *
 * @param path its path
 * @param requestId the id its answer will carry
 * @param headers its headers
 * @param length of its body in bytes
 * @param body its body; null when that is no JSON
 * @param peer the address it came from
 * @param when the moment it is acted on
 * @param fault what befalls it; null for nothing
 */
record Asked(
        String path,
        String requestId,
        MultiMap headers,
        int length,
        @Nullable JsonNode body,
        String peer,
        When when,
        @Nullable Fault fault) {
    static @Nullable JsonNode parse(String text) {
        return text.isBlank() ? null : Json.parse(text);
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    String clientIp() {
        return ClientAddress.of(header("x-forwarded-for"), peer);
    }

    boolean suffers(Fault.Kind kind) {
        return fault != null && fault.kind() == kind;
    }

    @Override
    public String toString() {
        return "Asked[path=" + path + ", requestId=" + requestId + "]";
    }
}
