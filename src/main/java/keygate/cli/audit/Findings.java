package keygate.cli.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes what an audit found, for people and for programs. */
public final class Findings {
    private Findings() {}

    /** A table of all routes, and below it the reasons with examples. */
    public static List<String> table(String apiId, Audit audit) {
        int width = Math.max(
                5,
                audit.routes().keySet().stream().mapToInt(String::length).max().orElse(0));
        List<String> lines = new ArrayList<>();
        lines.add(apiId + " has " + audit.keys() + (audit.keys() == 1 ? " key" : " keys"));
        if (audit.routes().isEmpty()) {
            lines.add("no route asks for a key");
            return lines;
        }
        StringBuilder head = new StringBuilder(String.format("%-" + width + "s  %10s", "ROUTE", "REFUSED"));
        for (Why why : Why.values()) {
            head.append(String.format("  %10s", why.name()));
        }
        lines.add(head.toString());
        audit.routes().forEach((route, tally) -> {
            StringBuilder row = new StringBuilder(String.format("%-" + width + "s  %10d", route, tally.refused()));
            for (Why why : Why.values()) {
                row.append(String.format(Locale.ROOT, "  %10d", tally.count(why)));
            }
            lines.add(row.toString());
        });
        audit.routes().forEach((route, tally) -> {
            for (Why why : Why.values()) {
                if (tally.count(why) > 0) {
                    lines.add(reason(route, why, tally, audit.permissions(route)));
                }
            }
        });
        return lines;
    }

    private static String reason(String route, Why why, Tally tally, @Nullable String query) {
        long count = tally.count(why);
        List<String> some = tally.examples(why);
        return route + ": " + count + " " + why.said() + (why == Why.PERMISSION ? " " + query : "")
                + (count > some.size() ? ", such as " : ": ") + String.join(", ", some);
    }

    /** The same as JSON. */
    public static String json(String apiId, Audit audit) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("apiId", apiId).put("keys", audit.keys());
        ArrayNode routes = root.putArray("routes");
        audit.routes().forEach((route, tally) -> {
            ObjectNode each = routes.addObject().put("route", route).put("refused", tally.refused());
            ArrayNode reasons = each.putArray("reasons");
            for (Why why : Why.values()) {
                if (tally.count(why) > 0) {
                    ArrayNode examples = reasons.addObject()
                            .put("reason", why.word())
                            .put("keys", tally.count(why))
                            .putArray("examples");
                    tally.examples(why).forEach(examples::add);
                }
            }
        });
        return root.toPrettyString();
    }
}
