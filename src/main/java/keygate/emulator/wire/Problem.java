package keygate.emulator.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import keygate.emulator.schema.Finding;
import org.jspecify.annotations.Nullable;

/**
 * An error as Unkey reports it.
 *
 * @param status the HTTP status
 * @param type the path of the type, such as {@code unkey/application/invalid_input}
 * @param title a few words
 * @param detail one sentence
 * @param errors findings to list; null leaves the field out
 * @param negotiated whether the content type depends on Accept; schema findings and panics are always plain JSON
 */
public record Problem(
        int status,
        String type,
        String title,
        String detail,
        @Nullable List<Finding> errors,
        boolean negotiated) {
    private static final String DOCS = "https://unkey.com/docs/errors/";

    /** A problem without findings; the shapes of 400, 408 and 413 then list none, the others have no such list. */
    public static Problem of(int status, String type, String title, String detail) {
        boolean listed = status == 400 || status == 408 || status == 413;
        return new Problem(status, type, title, detail, listed ? List.of() : null, true);
    }

    /** A request that breaks the schema; Unkey lists the first finding only. */
    public static Problem invalid(String detail, Finding finding) {
        return new Problem(400, "unkey/application/invalid_input", "Bad Request", detail, List.of(finding), false);
    }

    /** The answer for a caller that sent this Accept header, null when it sent none. */
    public Reply reply(String requestId, @Nullable String accept) {
        ObjectNode error = Json.object().put("detail", detail);
        if (errors != null) {
            ArrayNode list = error.putArray("errors");
            errors.forEach(finding -> list.addObject()
                    .put("fix", finding.fix())
                    .put("location", finding.location())
                    .put("message", finding.message()));
        }
        error.put("status", status).put("title", title).put("type", DOCS + type);
        ObjectNode envelope = Json.object().set("error", error);
        envelope.putObject("meta").put("requestId", requestId);
        String code = type.substring(type.lastIndexOf('/') + 1);
        String contentType = negotiated && acceptsProblem(accept) ? Reply.PROBLEM : Reply.JSON;
        return Reply.of(status, contentType, Json.write(envelope)).about(null, code);
    }

    private static boolean acceptsProblem(@Nullable String accept) {
        return accept != null
                && (accept.contains(Reply.PROBLEM) || accept.contains("application/*") || accept.contains("*/*"));
    }
}
