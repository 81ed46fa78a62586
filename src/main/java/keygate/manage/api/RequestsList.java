package keygate.manage.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;
import keygate.report.Recent;
import org.jspecify.annotations.Nullable;

/** {@code requests.list}: the last requests, the newest first, as the access log has them. */
final class RequestsList implements Operation {
    private static final List<String> EQUAL = List.of("route", "reason", "keyId", "externalId", "unkeyRequestId");

    private final Running running;
    private final Cursors cursors;

    RequestsList(Running running, Cursors cursors) {
        this.running = running;
        this.cursors = cursors;
    }

    @Override
    public String name() {
        return "requests.list";
    }

    @Override
    public Shape takes() {
        Shape shape = Shape.page();
        EQUAL.forEach(field -> shape.text(field, 512));
        return shape.pattern("status", Pattern.compile("[1-5]xx"), "a class of statuses such as 2xx");
    }

    @Override
    public Answer answer(Input input) throws Problem {
        ByteBuffer place = cursors.open(name(), input.text("cursor"));
        long before = place == null ? Long.MAX_VALUE : place.getLong();
        int most = input.whole("limit", Shape.PAGE);
        return Answer.page(
                running.recent().newest(before, most + 1, line -> fits(line, input)),
                most,
                Lines::json,
                line -> cursors.seal(
                        name(),
                        ByteBuffer.allocate(Long.BYTES).putLong(line.number()).array()));
    }

    private static boolean fits(Recent.Line line, Input input) {
        if (!input.has("status") && EQUAL.stream().noneMatch(input::has)) {
            return true;
        }
        ObjectNode json = Lines.json(line);
        String status = input.text("status");
        return EQUAL.stream().allMatch(field -> equal(json.path(field), input.text(field)))
                && (status == null || json.path("status").asInt() / 100 == status.charAt(0) - '0');
    }

    private static boolean equal(JsonNode value, @Nullable String wanted) {
        return wanted == null || wanted.equals(value.textValue());
    }
}
