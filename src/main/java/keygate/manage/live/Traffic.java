package keygate.manage.live;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import keygate.accept.Reason;
import keygate.manage.api.Json;
import keygate.manage.live.Reading.Count;
import keygate.manage.live.Reading.Kind;

/** What has happened in the last minute, as the page is told. */
final class Traffic {
    private static final int MOST_ROUTES = 12;
    private static final double MEDIAN = 0.5;
    private static final double MOST = 0.99;

    private final Minute minute;

    Traffic(Minute minute) {
        this.minute = minute;
    }

    ObjectNode json() {
        ObjectNode json = Json.object().put("seconds", Math.round(minute.seconds()));
        requests(json.putObject("requests"));
        times(json.putObject("added"), Count.all(Kind.ADDED))
                .set("series", numbers(minute.quantiles(Count.all(Kind.ADDED), MOST)));
        List<Count> routes = minute.all(Kind.ROUTE);
        json.put("routesInAll", routes.size());
        json.set("routes", Json.list(busiest(routes, MOST_ROUTES), this::route));
        json.set("reasons", Json.list(busiest(minute.all(Kind.REASON), Integer.MAX_VALUE), this::reason));
        json.set(
                "sources",
                Json.list(busiest(minute.all(Kind.SOURCE), Integer.MAX_VALUE), count -> counted("source", count)));
        calls(json.putObject("calls"));
        return json;
    }

    private void requests(ObjectNode json) {
        Count all = Count.all(Kind.REQUESTS);
        Count refused = Count.all(Kind.REFUSED);
        json.put("perSecond", rounded(minute.rate(all))).put("refusedPerSecond", rounded(minute.rate(refused)));
        json.set("series", numbers(minute.series(all)));
        json.set("refusedSeries", numbers(minute.series(refused)));
    }

    private ObjectNode route(Count count) {
        ObjectNode json = counted("route", count)
                .put("refusedPerSecond", rounded(minute.rate(new Count(Kind.ROUTE_REFUSED, count.name()))));
        json.set("series", numbers(minute.series(count)));
        times(json.putObject("added"), new Count(Kind.ADDED, count.name()));
        return json;
    }

    private ObjectNode reason(Count count) {
        ObjectNode json = counted("reason", count);
        Stream.of(Reason.values())
                .filter(reason -> reason.code().equals(count.name()))
                .forEach(reason -> json.put("blame", reason.blame().label()));
        return json;
    }

    /** Every verdict would have been a call. */
    private void calls(ObjectNode json) {
        Count calls = Count.all(Kind.CALLS);
        Count verdicts = Count.all(Kind.VERDICTS);
        json.put("perSecond", rounded(minute.rate(calls)))
                .put("savedPerSecond", rounded(Math.max(0, minute.rate(verdicts) - minute.rate(calls))))
                .put("lastMinute", minute.total(calls))
                .put("savedLastMinute", Math.max(0, minute.total(verdicts) - minute.total(calls)))
                .put("failedLastMinute", minute.total(Count.all(Kind.CALLS_FAILED)));
        json.set("series", numbers(minute.series(calls)));
        times(json.putObject("took"), calls);
    }

    private ObjectNode counted(String name, Count count) {
        return Json.object()
                .put(name, count.name())
                .put("perSecond", rounded(minute.rate(count)))
                .put("lastMinute", minute.total(count));
    }

    private ObjectNode times(ObjectNode json, Count count) {
        put(json, "p50", minute.quantile(count, MEDIAN));
        put(json, "p99", minute.quantile(count, MOST));
        return json;
    }

    private static void put(ObjectNode json, String name, OptionalDouble millis) {
        millis.ifPresent(value -> json.put(name, rounded(value)));
    }

    private List<Count> busiest(List<Count> counts, int most) {
        return counts.stream()
                .sorted(comparingDouble((Count count) -> -minute.total(count)).thenComparing(Count::name))
                .limit(most)
                .sorted(comparing(Count::name))
                .toList();
    }

    private static ArrayNode numbers(List<Double> values) {
        ArrayNode list = Json.list(List.of(), text -> Json.object());
        values.forEach(value -> list.add(rounded(value)));
        return list;
    }

    /** Two decimals are enough for people. */
    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
