package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import keygate.emulator.state.Ids;
import org.jspecify.annotations.Nullable;

/**
 * The journal of calls to the API, written before the answer is. It counts all and keeps the last 10 000. Thread-safe.
 * Calls that were turned away before they reached an operation, such as unknown paths, are not in it.
 */
public final class Calls {
    private static final int MOST = 10_000;
    private static final int LONGEST = 16 * 1024;

    private final Deque<Call> last = new ArrayDeque<>();
    private final Map<String, Long> counts = new HashMap<>();

    Calls() {}

    /** All calls so far. */
    public synchronized long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** All calls of an operation so far. */
    public synchronized long count(String operation) {
        return counts.getOrDefault(operation, 0L);
    }

    /** The last calls, oldest first. */
    public synchronized List<Call> list() {
        return new ArrayList<>(last);
    }

    /** Forgets all calls. */
    public synchronized void clear() {
        last.clear();
        counts.clear();
    }

    synchronized void add(Call call) {
        counts.merge(call.operation(), 1L, Long::sum);
        if (last.size() >= MOST) {
            last.removeFirst();
        }
        last.addLast(call);
    }

    /** What may be kept of a body. */
    static JsonNode redacted(@Nullable JsonNode body, int length) {
        if (body == null || length > LONGEST) {
            return MissingNode.getInstance();
        }
        if (!(body instanceof ObjectNode object) || !object.has("key")) {
            return body;
        }
        JsonNode key = object.path("key");
        return object.deepCopy().put("key", key.isTextual() ? Ids.hash(key.textValue()) : "(not a string)");
    }
}
