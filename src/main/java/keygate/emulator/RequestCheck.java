package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import keygate.emulator.schema.Finding;
import keygate.emulator.schema.Rule;
import keygate.emulator.wire.Problem;
import keygate.emulator.wire.Refusal;
import keygate.emulator.wire.Reply;
import org.jspecify.annotations.Nullable;

/** Holds a request to its schema before anything else looks at it; the first finding ends the call. */
final class RequestCheck {
    private RequestCheck() {}

    /** Security comes first: without any Authorization header Unkey answers 400, not 401. */
    static void security(Asked asked) {
        String header = asked.header("authorization");
        if (header == null || header.isEmpty()) {
            throw invalid(
                    "Authorization header is required but not found",
                    new Finding(
                            "", "/security", "the Authorization header is missing", "Send 'Bearer' and a root key."));
        }
    }

    /** The body, once content type, JSON and schema are as they should be. */
    static JsonNode body(Asked asked, Rule rule) {
        if (!isJson(asked.header("content-type"))) {
            throw invalid(
                    "The content type of the request to '" + asked.path() + "' is not supported",
                    new Finding(
                            "", "/requestBody/content", "the content type is not JSON", "Send " + Reply.JSON + "."));
        }
        JsonNode body = asked.body();
        if (body == null) {
            throw invalid(
                    "The request body for '" + asked.path() + "' is empty or not valid JSON",
                    new Finding("", "/requestBody", "cannot be read as JSON", "Send one JSON object."));
        }
        List<Finding> findings = rule.findings(body);
        if (!findings.isEmpty()) {
            Finding first = findings.get(0);
            String where = first.pointer().isEmpty() ? "/" : first.pointer();
            throw invalid(
                    "The request body for '" + asked.path() + "' does not fit the schema at '" + where + "'", first);
        }
        return body;
    }

    private static Refusal invalid(String detail, Finding finding) {
        return new Refusal(Problem.invalid(detail, finding));
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().equalsIgnoreCase(Reply.JSON);
    }
}
