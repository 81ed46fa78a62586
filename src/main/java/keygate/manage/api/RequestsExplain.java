package keygate.manage.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import keygate.accept.Header;
import keygate.accept.WrittenRequest;

/** {@code requests.explain}: what would become of a request now, step by step, and why. Nothing is charged. */
final class RequestsExplain implements Operation {
    /** Unkey may be asked a few times, each of which has a timeout of its own. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int LONGEST_TEXT = 8192;
    private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}");
    private static final Pattern HOST = Pattern.compile("[!-~]{1,255}");
    private static final Pattern TARGET = Pattern.compile("[^\\x00-\\x20\\x7f]{1," + LONGEST_TEXT + "}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern SCHEME = Pattern.compile("https?");
    private static final Pattern KEY = Pattern.compile("[ -~]{1,1024}");
    private static final Pattern FIELD = Pattern.compile("[^\\x00-\\x20\\x7f:][^\\x00-\\x1f\\x7f:]{0,255}");
    private static final Pattern VALUE = Pattern.compile("[^\\x00-\\x08\\x0a-\\x1f\\x7f]{0," + LONGEST_TEXT + "}");
    private static final int MOST_FIELDS = 200;
    private static final int MOST_VALUES = 20;

    private final Running running;
    private final Duration patience;

    /** @param patience how long an explanation may take */
    RequestsExplain(Running running, Duration patience) {
        this.running = running;
        this.patience = patience;
    }

    @Override
    public String name() {
        return "requests.explain";
    }

    @Override
    public Shape takes() {
        return Shape.nothing()
                .pattern("method", METHOD, "a method such as GET")
                .pattern("scheme", SCHEME, "http or https")
                .pattern("host", HOST, "a host with an optional port")
                .pattern("path", TARGET, "a path with an optional query, without spaces")
                .field("headers", RequestsExplain::areFields, "an object of names, each with a text or a list of texts")
                .pattern("client", ADDRESS, "an IP address")
                .pattern("key", KEY, "a key of printable ASCII")
                .required("path");
    }

    private static boolean areFields(JsonNode value) {
        return value.isObject()
                && value.size() <= MOST_FIELDS
                && value.properties().stream()
                        .allMatch(field -> FIELD.matcher(field.getKey()).matches() && areValues(field.getValue()));
    }

    private static boolean areValues(JsonNode value) {
        if (!value.isArray()) {
            return isValue(value);
        }
        boolean all = !value.isEmpty() && value.size() <= MOST_VALUES;
        for (JsonNode one : value) {
            all &= isValue(one);
        }
        return all;
    }

    private static boolean isValue(JsonNode value) {
        return value.isTextual() && VALUE.matcher(value.textValue()).matches();
    }

    @Override
    public Answer answer(Input input) {
        return Answer.later(running.explain(request(input), input.text("key"))
                .toCompletableFuture()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                // Not on the event loop that has decided.
                .thenApplyAsync(ExplanationJson::of)
                .exceptionallyCompose(RequestsExplain::failed));
    }

    private static CompletionStage<ObjectNode> failed(Throwable failure) {
        return CompletableFuture.failedFuture(
                failure.getCause() instanceof TimeoutException
                        ? new Problem(
                                504,
                                "timeout",
                                "Gateway Timeout",
                                "Unkey was asked, and no answer came in time",
                                List.of())
                        : failure);
    }

    private static WrittenRequest request(Input input) {
        List<Header> fields = new ArrayList<>();
        boolean namesHost = false;
        for (Map.Entry<String, JsonNode> field : input.object("headers").properties()) {
            namesHost |= field.getKey().equalsIgnoreCase("host");
            JsonNode value = field.getValue();
            if (value.isArray()) {
                value.forEach(one -> fields.add(new Header(field.getKey(), one.textValue())));
            } else {
                fields.add(new Header(field.getKey(), value.textValue()));
            }
        }
        String host = input.text("host", namesHost ? "" : "localhost");
        if (!host.isEmpty()) {
            fields.add(0, new Header("Host", host));
        }
        return new WrittenRequest(
                input.text("method", "GET"),
                input.text("path", "/"),
                fields,
                input.text("client", "127.0.0.1"),
                input.text("scheme", "http").equals("https"));
    }
}
