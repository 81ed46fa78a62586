package keygate.emulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import keygate.emulator.rows.Identity;
import keygate.emulator.rows.KeyView;
import keygate.emulator.rows.Limit;
import keygate.emulator.wire.Json;

/** Writes a verdict as the {@code data} of an answer: properties in alphabetical order, empty ones left out. */
public final class VerdictJson {
    private VerdictJson() {}

    /** The data of an answer. Rate limits come in random order, as from Unkey. */
    public static ObjectNode data(Verdict verdict) {
        ObjectNode data = Json.object().put("code", verdict.code());
        KeyView view = verdict.view();
        if (view != null) {
            known(data, verdict, view);
        }
        return data.put("valid", verdict.code().equals("VALID"));
    }

    private static void known(ObjectNode data, Verdict verdict, KeyView view) {
        if (verdict.credits() != null) {
            data.put("credits", verdict.credits());
        }
        data.put("enabled", view.row().enabled());
        Long expires = view.row().expires();
        if (expires != null && expires != 0) {
            data.put("expires", expires);
        }
        if (view.identity() != null) {
            data.set("identity", identity(view, view.identity()));
        }
        data.put("keyId", view.row().id());
        meta(data, view.row().meta());
        String name = view.row().name();
        if (name != null && !name.isEmpty()) {
            data.put("name", name);
        }
        lists(data, verdict, view);
    }

    private static void lists(ObjectNode data, Verdict verdict, KeyView view) {
        list(data, "permissions", view.permissions());
        if (!verdict.limits().isEmpty()) {
            List<LimitOutcome> shuffled = new ArrayList<>(verdict.limits());
            Collections.shuffle(shuffled);
            ArrayNode limits = data.putArray("ratelimits");
            shuffled.forEach(limit -> limits.add(outcome(limit)));
        }
        list(data, "roles", view.row().roles());
    }

    private static ObjectNode identity(KeyView view, Identity identity) {
        ObjectNode json = Json.object().put("externalId", identity.externalId()).put("id", identity.id());
        meta(json, identity.meta());
        Set<String> shadowed = view.row().limits().stream().map(Limit::name).collect(Collectors.toSet());
        List<Limit> shown = identity.limits().stream()
                .filter(limit -> !shadowed.contains(limit.name()))
                .toList();
        if (!shown.isEmpty()) {
            json.set("ratelimits", limits(shown));
        }
        return json;
    }

    /** Limits as they are stored. */
    public static ArrayNode limits(List<Limit> limits) {
        ArrayNode list = Json.object().arrayNode();
        limits.forEach(limit -> list.addObject()
                .put("autoApply", limit.autoApply())
                .put("duration", limit.duration())
                .put("id", limit.id())
                .put("limit", limit.limit())
                .put("name", limit.name()));
        return list;
    }

    private static JsonNode outcome(LimitOutcome outcome) {
        Limit limit = outcome.limit();
        return Json.object()
                .put("autoApply", limit.autoApply())
                .put("duration", limit.duration())
                .put("exceeded", outcome.taken().exceeded())
                .put("id", limit.id())
                .put("limit", limit.limit())
                .put("name", limit.name())
                .put("remaining", outcome.taken().remaining())
                .put("reset", outcome.taken().reset());
    }

    /** Adds meta as Unkey gives it back; an empty one is left out. */
    public static void meta(ObjectNode parent, ObjectNode meta) {
        if (!meta.isEmpty()) {
            parent.set("meta", GenericJson.roundTrip(meta));
        }
    }

    /** Adds a list of strings; an empty one is left out. */
    public static void list(ObjectNode parent, String name, Collection<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = parent.putArray(name);
            values.forEach(list::add);
        }
    }
}
