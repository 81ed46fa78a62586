package keygate.emulator.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Ends a call with a problem instead of an answer. */
public final class Refusal extends RuntimeException {
    private final transient Problem problem;
    private final transient List<Map.Entry<String, String>> headers = new ArrayList<>();

    public Refusal(Problem problem) {
        super(problem.type(), null, false, false);
        this.problem = problem;
    }

    /** Shorthand for a problem without findings. */
    public Refusal(int status, String type, String title, String detail) {
        this(Problem.of(status, type, title, detail));
    }

    /** Adds a header to the answer. */
    public Refusal header(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    /** The answer for a caller with this Accept header. */
    public Reply reply(String requestId, @org.jspecify.annotations.Nullable String accept) {
        Reply reply = problem.reply(requestId, accept);
        for (Map.Entry<String, String> header : headers) {
            reply = reply.header(header.getKey(), header.getValue());
        }
        return reply;
    }
}
