package keygate.ship;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What Prometheus and Grafana are asked to watch, as the files of the overlay have it. */
final class Watched {
    static final Path FOLDER = Path.of("k8s/overlays/monitoring");
    private static final Pattern SELECTOR = Pattern.compile("\\b(keygate_\\w+|up)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|ignoring|on)\\s*\\(([^)]*)\\)");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");

    private Watched() {}

    /** The groups of rules, as Prometheus itself reads them. */
    static JsonNode rules() throws IOException {
        return Manifests.documents(Files.readString(FOLDER.resolve("alerts.yaml")))
                .get(0)
                .get("spec");
    }

    static List<JsonNode> alerts() throws IOException {
        return rules().findParents("alert");
    }

    static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
    }

    /** Everything that is asked for, with what is shown of each answer. */
    static List<Query> queries() throws IOException {
        List<Query> queries = new ArrayList<>();
        for (JsonNode alert : alerts()) {
            queries.add(new Query(
                    alert.get("expr").textValue(), alert.get("annotations").toString()));
        }
        for (JsonNode target : dashboard().findParents("legendFormat")) {
            queries.add(new Query(
                    target.get("expr").textValue(), target.get("legendFormat").textValue()));
        }
        return queries;
    }

    /** One PromQL expression, and the template that shows its labels. */
    record Query(String text, String template) {
        List<Selector> selectors() {
            return SELECTOR.matcher(text)
                    .results()
                    .map(found -> new Selector(found.group(1), matchers(found.group(2) == null ? "" : found.group(2))))
                    .toList();
        }

        private static Map<String, MatchResult> matchers(String text) {
            Map<String, MatchResult> matchers = new TreeMap<>();
            MATCHER.matcher(text).results().forEach(matcher -> matchers.put(matcher.group(1), matcher));
            return matchers;
        }

        /** The labels that it groups by, or leaves out. */
        List<String> groupings() {
            return GROUPING.matcher(text)
                    .results()
                    .flatMap(found -> Pattern.compile("\\s*,\\s*").splitAsStream(found.group(1)))
                    .toList();
        }

        /** The labels that a person is shown. */
        List<String> shown() {
            return SHOWN.matcher(template)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        }
    }

    /** The name of a metric, and what its labels must be. */
    record Selector(String name, Map<String, MatchResult> matchers) {
        /** Whether a sample with these labels is one of those asked for; labels in {@code ignored} are not looked at. */
        boolean fits(String metric, Map<String, String> labels, List<String> ignored) {
            return metric.equals(name)
                    && matchers.entrySet().stream()
                            .filter(matcher -> !ignored.contains(matcher.getKey()))
                            .allMatch(matcher -> fits(matcher.getValue(), labels.get(matcher.getKey())));
        }

        private static boolean fits(MatchResult matcher, String value) {
            if (value == null) {
                return false;
            }
            boolean same =
                    matcher.group(2).contains("~") ? value.matches(matcher.group(3)) : value.equals(matcher.group(3));
            return same != matcher.group(2).startsWith("!");
        }
    }
}
