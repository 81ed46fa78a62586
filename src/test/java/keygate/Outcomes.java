package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import keygate.rig.Backend;
import keygate.rig.Wire;

/** Holds an explanation to the access line and to the answer of the request that was explained. */
final class Outcomes {
    /** Where the explanation has what the access line has. */
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("/outcome/reason", "/reason"),
            Map.entry("/outcome/detail", "/detail"),
            Map.entry("/outcome/shadow", "/shadow"),
            Map.entry("/find/route/name", "/route"),
            Map.entry("/find/route/path", "/path"),
            Map.entry("/accept/host", "/host"),
            Map.entry("/accept/client", "/client"),
            Map.entry("/identify/place", "/keyPlace"),
            Map.entry("/judge/code", "/code"),
            Map.entry("/judge/keyId", "/keyId"),
            Map.entry("/judge/externalId", "/externalId"),
            Map.entry("/judge/why", "/why"));

    private Outcomes() {}

    static void check(String why, JsonNode explained, JsonNode line, Wire.Answer answer, List<Backend.Seen> seen) {
        SAME.forEach((told, happened) ->
                assertThat(explained.at(told)).as(why + told).isEqualTo(line.at(happened)));
        boolean served = explained.at("/outcome/served").booleanValue();
        assertThat(answer.status())
                .as(why)
                .isEqualTo(served ? 200 : explained.at("/outcome/status").intValue());
        assertThat(answer.status()).as(why).isEqualTo(line.at("/status").intValue());
        assertThat(explained.at("/judge/verdict").asText("none"))
                .as(why)
                .isEqualTo(line.at("/verdict").textValue());
        assertThat(explained.at("/judge/ageMs").asLong(0))
                .as(why)
                .isEqualTo(line.at("/verdictAgeMs").longValue());
        assertThat(explained.at("/limit/charge").asText("none"))
                .as(why)
                .isEqualTo(line.at("/charge").textValue());
        assertThat(explained.has("modify")).as(why).isEqualTo(served);
        if (served) {
            sentOn(why, explained.get("modify"), seen.get(seen.size() - 1));
            limits(why, explained, answer.header("ratelimit"));
        }
        JsonNode satisfied = explained.at("/judge/permissions/satisfied");
        String reason = line.at("/shadow").asText(line.at("/reason").textValue());
        if (!satisfied.isMissingNode()) {
            assertThat(satisfied.booleanValue()).as(why).isNotEqualTo(reason.equals("permission_missing"));
        }
    }

    private static void sentOn(String why, JsonNode modify, Backend.Seen seen) {
        String uri = seen.uri();
        int question = uri.indexOf('?');
        assertThat(modify.get("path").textValue()).as(why).isEqualTo(question < 0 ? uri : uri.substring(0, question));
        assertThat(modify.get("query").booleanValue()).as(why).isEqualTo(question >= 0);
        for (JsonNode field : modify.get("added")) {
            if (!field.get("name").textValue().endsWith("Request-Id")) {
                assertThat(seen.header(field.get("name").textValue()))
                        .as(why + field)
                        .isEqualTo(field.get("value").textValue());
            }
        }
        for (JsonNode name : modify.get("removed")) {
            assertThat(seen.header(name.textValue()))
                    .as("%s%s", why, name)
                    .isEqualTo(name.textValue().equalsIgnoreCase("connection") ? seen.header("connection") : "");
        }
    }

    /** What is left of every limit, as the caller is told. */
    private static void limits(String why, JsonNode explained, String header) {
        if (explained.at("/outcome").has("shadow") || header.isEmpty()) {
            return;
        }
        List<String> left = new ArrayList<>();
        explained
                .at("/limit/ratelimits")
                .forEach(limit -> left.add("\"" + limit.get("name").textValue() + "\";r="
                        + limit.get("remaining").longValue()));
        for (String limit : header.split(", ", -1)) {
            assertThat(left).as(why + header).contains(limit.substring(0, limit.indexOf(";t=")));
        }
    }

    /** What a test must have seen. */
    static List<String> kinds(JsonNode line) {
        List<String> kinds = new ArrayList<>(List.of(
                line.at("/reason").textValue(),
                "verdict " + line.at("/verdict").textValue(),
                "charge " + line.at("/charge").textValue()));
        kinds.add(line.at("/status").intValue() == 200 ? "served" : "not served");
        if (line.has("shadow")) {
            kinds.add("shadow");
            kinds.add(line.at("/shadow").textValue());
            kinds.add("unenforced");
        }
        return kinds;
    }
}
