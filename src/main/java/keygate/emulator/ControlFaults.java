package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import keygate.emulator.schema.ObjectRule;
import keygate.emulator.schema.Rule;
import keygate.emulator.schema.Rules;
import keygate.emulator.wire.Json;
import org.jspecify.annotations.Nullable;

/** The part of the control endpoint that is about faults, the journal, and starting over. */
final class ControlFaults {
    private static final long YEAR_MS = Duration.ofDays(366).toMillis();
    private static final List<String> KINDS =
            Arrays.stream(Fault.Kind.values()).map(Fault.Kind::word).toList();
    private static final Rule OPERATION = Rules.word(List.of(VerifyKey.NAME, ListKeys.NAME));
    private static final Rule SET = new ObjectRule()
            .optional("fault", Rules.word(KINDS))
            .optional("next", Rules.whole(1, 1_000_000))
            .optional("operation", OPERATION)
            .optional("amount", Rules.whole(0, YEAR_MS))
            .optional("latency", Rules.whole(0, YEAR_MS))
            .optional("clockOffset", Rules.whole(-YEAR_MS, YEAR_MS))
            .optional("stale", Rules.flag());

    private final World world;
    private final Faults faults;
    private final Calls calls;

    ControlFaults(World world, Faults faults, Calls calls) {
        this.world = world;
        this.faults = faults;
        this.calls = calls;
    }

    void register(Control control) {
        control.add("faults.set", SET, this::set);
        control.add("faults.clear", new ObjectRule(), body -> clear());
        control.add("calls.count", new ObjectRule().optional("operation", OPERATION), this::count);
        control.add(
                "calls.list",
                new ObjectRule().optional("operation", OPERATION).optional("limit", Rules.whole(1, 1000)),
                this::list);
        control.add("state.reset", new ObjectRule(), body -> reset());
    }

    private JsonNode set(JsonNode body) {
        Fault fault = fault(body);
        if (fault != null && body.has("next")) {
            faults.next(body.path("next").intValue(), fault);
        } else if (fault != null) {
            faults.always(fault);
        }
        if (body.has("latency")) {
            faults.latency(Duration.ofMillis(body.path("latency").longValue()));
        }
        if (body.has("clockOffset")) {
            faults.clockOffset(Duration.ofMillis(body.path("clockOffset").longValue()));
        }
        if (body.has("stale")) {
            faults.stale(body.path("stale").booleanValue());
        }
        return Json.object();
    }

    private static @Nullable Fault fault(JsonNode body) {
        String word = Fields.text(body, "fault");
        if (word == null) {
            return null;
        }
        Fault fault = Fault.of(Fault.Kind.valueOf(word.toUpperCase(Locale.ROOT)));
        return new Fault(
                fault.kind(),
                Fields.text(body, "operation"),
                body.path("amount").asLong(fault.amount()));
    }

    private JsonNode clear() {
        faults.clear();
        return Json.object();
    }

    private JsonNode count(JsonNode body) {
        String operation = Fields.text(body, "operation");
        return Json.object().put("count", operation == null ? calls.count() : calls.count(operation));
    }

    private JsonNode list(JsonNode body) {
        String operation = Fields.text(body, "operation");
        List<Call> wanted = calls.list().stream()
                .filter(call -> operation == null || call.operation().equals(operation))
                .toList();
        int limit = body.path("limit").asInt(100);
        ArrayNode list = Json.object().arrayNode();
        wanted.subList(Math.max(0, wanted.size() - limit), wanted.size()).forEach(call -> list.add(json(call)));
        return list;
    }

    private static ObjectNode json(Call call) {
        ObjectNode json = Json.object();
        json.set("body", call.body().isMissingNode() ? null : call.body());
        return json.put("clientIp", call.clientIp())
                .put("code", call.code())
                .put("keyId", call.keyId())
                .put("operation", call.operation())
                .put("requestId", call.requestId())
                .put("status", call.status())
                .put("userAgent", call.userAgent());
    }

    private JsonNode reset() {
        world.reset();
        faults.clear();
        calls.clear();
        return Json.object();
    }
}
