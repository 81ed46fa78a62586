package keygate.manage.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Why an operation is not carried out, as its caller is told. A value that travels: it carries no stack trace. */
public final class Problem extends Exception {
    private final int status;
    private final String code;
    private final String title;
    private final String detail;
    private final transient List<Flaw> flaws;

    /**
     * One fault in what was sent.
     *
     * @param location where, as in {@code body.limit}
     */
    public record Flaw(String location, String message, String fix) {}

    /**
     * A problem.
     *
     * @param code a word for programs
     * @param flaws each fault in what was sent, where that is the problem
     */
    public Problem(int status, String code, String title, String detail, List<Flaw> flaws) {
        super(code + ": " + detail, null, false, false);
        this.status = status;
        this.code = code;
        this.title = title;
        this.detail = detail;
        this.flaws = List.copyOf(flaws);
    }

    /** What was sent is wrong. */
    public static Problem badRequest(List<Flaw> flaws) {
        return new Problem(
                400, "invalid_input", "Bad Request", "what was sent is not what this operation takes", flaws);
    }

    /** What was asked for is not there. */
    public static Problem notFound(String detail) {
        return new Problem(404, "not_found", "Not Found", detail, List.of());
    }

    /** Too much is asked for at once; a while later it may be done. */
    public static Problem busy(String detail) {
        return new Problem(503, "busy", "Service Unavailable", detail, List.of());
    }

    public int status() {
        return status;
    }

    /** The whole answer, as Unkey's are. */
    public ObjectNode envelope(String requestId) {
        ObjectNode root = Json.object();
        root.putObject("meta").put("requestId", requestId);
        ObjectNode error = root.putObject("error");
        error.put("title", title)
                .put("detail", detail)
                .put("status", status)
                .put("type", "urn:keygate:management:" + code);
        if (!flaws.isEmpty()) {
            error.set("errors", Json.list(flaws, flaw -> Json.object()
                    .put("location", flaw.location())
                    .put("message", flaw.message())
                    .put("fix", flaw.fix())));
        }
        return root;
    }
}
