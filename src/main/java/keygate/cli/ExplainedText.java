package keygate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** An explanation as a person reads it: a line or a few for each step, the outcome last. */
final class ExplainedText {
    private static final int MOST_NEAR = 3;

    private final List<String> lines = new ArrayList<>();

    private ExplainedText() {}

    static List<String> of(JsonNode explained) {
        ExplainedText text = new ExplainedText();
        text.accept(explained.path("accept"));
        text.find(explained.path("find"));
        text.identify(explained.path("identify"));
        text.judge(explained.path("judge"));
        text.limit(explained.path("limit"));
        text.modify(explained.path("modify"));
        text.proxy(explained.path("proxy"));
        text.outcome(explained.path("outcome"));
        return text.lines;
    }

    private void accept(JsonNode step) {
        if (!step.isMissingNode()) {
            line(
                    "accept",
                    say(step, "method") + " " + say(step, "scheme") + "://" + say(step, "host") + say(step, "path")
                            + " from " + say(step, "client")
                            + (step.path("peerTrusted").booleanValue()
                                    ? ", as the trusted hop " + say(step, "peer") + " says"
                                    : ""));
        }
    }

    private void find(JsonNode step) {
        if (step.isMissingNode()) {
            return;
        }
        JsonNode route = step.path("route");
        line("find", route.isMissingNode() ? "no route" : "route " + say(route, "name") + " (" + address(route) + ")");
        int shown = 0;
        for (JsonNode near : step.path("near")) {
            if (shown++ < MOST_NEAR) {
                line("", "not " + say(near, "name") + " (" + address(near) + "): " + why(near));
            }
        }
    }

    private static String address(JsonNode route) {
        String methods = String.join(",", texts(route.path("methods")));
        return (methods.isEmpty() ? "" : methods + " ") + say(route, "host") + " " + say(route, "path");
    }

    private static String why(JsonNode near) {
        return switch (say(near, "why")) {
            case "method" -> "another method";
            case "less_specific" -> "the one above goes before it";
            case "host" -> "another host";
            default -> "its path differs at " + say(near, "at");
        };
    }

    private void identify(JsonNode step) {
        if (!step.isMissingNode()) {
            String place = step.has("place") ? "key found: " + say(step, "place") : "no key found";
            line("identify", place + " (auth: " + say(step, "auth") + (enforced(step) ? ")" : ", enforce: false)"));
        }
    }

    private static boolean enforced(JsonNode step) {
        return step.path("enforce").booleanValue();
    }

    private void judge(JsonNode step) {
        if (step.isMissingNode()) {
            return;
        }
        String word = step.has("code") ? say(step, "code") : "no answer: " + say(step, "why");
        line(
                "judge",
                word + ", " + say(step, "verdict") + ", " + step.path("ageMs").longValue() + " ms old"
                        + given(step, "keyId", ", key ") + given(step, "externalId", " of ")
                        + given(step, "unkeyRequestId", ", Unkey's "));
        JsonNode permissions = step.path("permissions");
        if (permissions.has("satisfied")) {
            line(
                    "",
                    "permissions " + say(permissions, "query") + ": "
                            + (permissions.path("satisfied").booleanValue()
                                    ? "satisfied"
                                    : "not satisfied, the key has no "
                                            + String.join(", ", texts(permissions.path("missing")))));
        }
        if (step.has("note")) {
            line("", say(step, "note"));
        }
    }

    private void limit(JsonNode step) {
        if (step.isMissingNode()) {
            return;
        }
        line("limit", "charge: " + say(step, "charge") + " (accounting: " + say(step, "accounting") + ")");
        for (JsonNode limit : step.path("ratelimits")) {
            line(
                    "",
                    say(limit, "name") + ": costs " + limit.path("cost") + ", " + left(limit) + " of "
                            + limit.path("limit") + ", resets in "
                            + (limit.path("resetsInMs").longValue() + 999) / 1000 + " s"
                            + fits(limit));
        }
        JsonNode credits = step.path("credits");
        if (!credits.isMissingNode()) {
            line("", "credits: costs " + credits.path("cost") + ", " + left(credits) + fits(credits));
        }
    }

    private static String left(JsonNode item) {
        return item.has("remaining") ? "leaves " + item.path("remaining") : "leaves an unknown rest";
    }

    private static String fits(JsonNode item) {
        return item.path("fits").booleanValue() ? "" : ": does not fit";
    }

    private void modify(JsonNode step) {
        if (step.isMissingNode()) {
            return;
        }
        line(
                "modify",
                say(step, "path")
                        + (step.path("query").booleanValue() ? " with a query" : "")
                        + given(step, "host", ", Host "));
        if (!step.path("removed").isEmpty()) {
            line("", "without " + String.join(", ", texts(step.path("removed"))));
        }
        step.path("added").forEach(field -> line("", say(field, "name") + ": " + say(field, "value")));
    }

    private void proxy(JsonNode step) {
        for (JsonNode upstream : step.path("upstreams")) {
            line("proxy", "upstream " + say(upstream, "name") + ", weight " + upstream.path("weight"));
            upstream.path("targets").forEach(target -> line("", say(target, "target") + ": " + states(target)));
        }
    }

    private static String states(JsonNode target) {
        List<String> states = new ArrayList<>();
        target.path("states").properties().forEach(state -> {
            if (state.getValue().intValue() > 0) {
                states.add(state.getValue() + " " + state.getKey());
            }
        });
        return states.isEmpty() ? "no address is known" : String.join(", ", states);
    }

    private void outcome(JsonNode step) {
        boolean served = step.path("served").booleanValue();
        String refused = step.path("status") + " " + say(step, "reason") + " by " + say(step, "step");
        String shadow = given(step, "shadow", ", though ") + (step.has("shadow") ? " by " + say(step, "step") : "");
        line("outcome", (served ? "served" + shadow : refused) + given(step, "detail", ": "));
    }

    private void line(String step, String text) {
        lines.add(String.format("%-9s %s", step, text));
    }

    private static String given(JsonNode node, String name, String before) {
        return node.has(name) ? before + say(node, name) : "";
    }

    /** What callers have sent must not steer a terminal. */
    private static String say(JsonNode node, String name) {
        return node.path(name).asText().replaceAll("\\p{Cntrl}", "?");
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(text -> text.asText().replaceAll("\\p{Cntrl}", "?"))
                .toList();
    }
}
