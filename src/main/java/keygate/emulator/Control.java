package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import keygate.emulator.schema.Finding;
import keygate.emulator.schema.Rule;
import keygate.emulator.wire.Problem;
import keygate.emulator.wire.Refusal;
import keygate.emulator.wire.Reply;

/**
 * The control endpoint: {@code POST /control/NOUN.VERB} in the style of the API, without a root key. Only callers on
 * this machine may use it, and the required JSON content type keeps web pages out.
 */
final class Control {
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    private Control() {}

    /** All its operations by path. */
    static Map<String, Operation> operations(World world, Faults faults, Calls calls) {
        Control control = new Control();
        new ControlKeys(world).register(control);
        new ControlOwners(world).register(control);
        new ControlFaults(world, faults, calls).register(control);
        return control.operations;
    }

    /** Adds an operation: the schema of its body, and what it does, giving the data of the answer. */
    void add(String name, Rule rule, Function<JsonNode, JsonNode> work) {
        operations.put("/control/" + name, asked -> {
            if (!isLocal(asked.peer())) {
                throw new Refusal(
                        403,
                        "unkey/authorization/forbidden",
                        "Forbidden",
                        "The control endpoint can only be used from this machine.");
            }
            JsonNode body = RequestCheck.body(asked, rule);
            return answer(body, asked, work);
        });
    }

    /** Whether an address is of this machine's loopback. */
    static boolean isLocal(String peer) {
        try {
            return InetAddress.getByName(peer).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The refusal when something named is not there. */
    static Refusal missing(String what) {
        return new Refusal(404, "unkey/data/" + what + "_not_found", "Not Found", "There is no such " + what + ".");
    }

    /** The refusal when fields fit the schema one by one, but not together. */
    static Refusal unfit(String pointer, String message, String fix) {
        Finding finding = new Finding(pointer, pointer, message, fix);
        return new Refusal(Problem.invalid("The request cannot be carried out: " + message, finding));
    }

    private static Reply answer(JsonNode body, Asked asked, Function<JsonNode, JsonNode> work) {
        try {
            return ApiCall.ok(work.apply(body), asked.requestId());
        } catch (IllegalStateException e) {
            throw new Refusal(409, "unkey/data/conflict", "Conflict", e.getMessage() + ".");
        }
    }
}
