package keygate;

import static keygate.rig.Collector.attributes;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import keygate.rig.Collector;
import keygate.rig.Rig;
import keygate.rig.TestTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** What {@code /metrics} shows is sent over OTLP where that is asked for: the same names, labels and numbers. */
final class PushedMetricsTest {
    private static final long START = TestTime.START.toEpochMilli() * 1_000_000;

    @RegisterExtension
    private final Rig rig = new Rig();

    private Collector collector;

    @BeforeEach
    void collects() {
        collector = new Collector(rig.vertx());
        rig.world()
                .key("good")
                .credits(1_000)
                .ratelimit("requests", 1_000, 60_000, true)
                .add();
    }

    private String telemetry(String metrics) {
        return "telemetry: {otlp: '" + collector.url() + "', interval: 10ms, timeout: 20s, traces: {ratio: 0}" + metrics
                + "}";
    }

    private void start(String interval) {
        rig.start(telemetry(", metrics: {interval: " + interval + "}"));
    }

    private List<Metric> latest() throws TimeoutException {
        List<ResourceMetrics> sent = collector.metrics(1);
        return sent.get(sent.size() - 1).getScopeMetrics(0).getMetricsList();
    }

    private Metric latest(String name) throws TimeoutException {
        return latest().stream()
                .filter(metric -> metric.getName().equals(name))
                .findAny()
                .orElseThrow();
    }

    /** As Prometheus writes a number's name. */
    private static String sample(String name, Map<String, String> labels) {
        return name
                + labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static Map<String, Double> pushed(List<Metric> metrics) {
        Map<String, Double> samples = new TreeMap<>();
        for (Metric metric : metrics) {
            List<NumberDataPoint> numbers = metric.hasSum()
                    ? metric.getSum().getDataPointsList()
                    : metric.getGauge().getDataPointsList();
            numbers.forEach(point ->
                    samples.put(sample(metric.getName(), attributes(point.getAttributesList())), point.getAsDouble()));
            metric.getHistogram().getDataPointsList().forEach(point -> buckets(metric.getName(), point, samples));
        }
        return samples;
    }

    private static void buckets(String name, HistogramDataPoint point, Map<String, Double> samples) {
        Map<String, String> labels = attributes(point.getAttributesList());
        samples.put(sample(name + "_sum", labels), point.getSum());
        samples.put(sample(name + "_count", labels), (double) point.getCount());
        double sum = 0;
        for (int i = 0; i < point.getBucketCountsCount(); i++) {
            sum += point.getBucketCounts(i);
            boolean last = i == point.getExplicitBoundsCount();
            Map<String, String> bucket = new TreeMap<>(labels);
            bucket.put("le", last ? "+Inf" : Double.toString(point.getExplicitBounds(i)));
            samples.put(sample(name + "_bucket", bucket), sum);
        }
    }

    private Map<String, Double> scraped() {
        Map<String, Double> samples = new TreeMap<>();
        try {
            rig.metrics().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                int space = line.lastIndexOf(' ');
                String name = line.substring(0, space).replace("\"", "");
                double value = Double.parseDouble(line.substring(space + 1));
                if (Double.isFinite(value)) {
                    samples.put(name.endsWith("}") ? inOrder(name) : name + "{}", value);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return samples;
    }

    private static String inOrder(String name) {
        int brace = name.indexOf('{');
        String[] labels = name.substring(brace + 1, name.length() - 1).split(",(?=\\w+=)");
        Arrays.sort(labels);
        return name.substring(0, brace) + "{" + String.join(",", labels) + "}";
    }

    @Test
    void everyNumberHasTheNameAndTheLabelsThatItHasOnThePage() throws Exception {
        start("10ms");
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        assertThat(rig.get("/", "nobodys").status()).isEqualTo(401);
        rig.log(3);

        int before = collector.metrics(0).size();
        collector.metrics(before + 2);
        assertThat(pushed(latest())).isEqualTo(scraped()).hasSizeGreaterThan(100);
    }

    @Test
    void countsSaySinceWhenAndGaugesAreNone() throws Exception {
        start("10ms");
        rig.get("/", "good");
        rig.log(1);
        rig.clock().advance(Duration.ofSeconds(1));
        int before = collector.metrics(0).size();
        collector.metrics(before + 2);

        Metric counter = latest("keygate_verdicts_total");
        assertThat(counter.getSum().getIsMonotonic()).isTrue();
        assertThat(counter.getSum().getAggregationTemporality())
                .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        assertThat(counter.getSum().getDataPoints(0).getStartTimeUnixNano()).isEqualTo(START);
        assertThat(counter.getSum().getDataPoints(0).getTimeUnixNano()).isEqualTo(START + 1_000_000_000L);
        assertThat(counter.getDescription()).contains("Verdicts by Unkey's code");
        Metric histogram = latest("keygate_requests_seconds");
        assertThat(histogram.getUnit()).isEqualTo("s");
        assertThat(histogram.getHistogram().getAggregationTemporality())
                .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        assertThat(histogram.getHistogram().getDataPoints(0).getExplicitBoundsList())
                .contains(0.025, 2.5);
        assertThat(histogram.getHistogram().getDataPoints(0).getStartTimeUnixNano())
                .isEqualTo(START);
        assertThat(latest("keygate_connections").hasGauge()).isTrue();
    }

    @Test
    void aCountThatBeginsAgainSaysSo() throws Exception {
        String push = telemetry(", metrics: {interval: 10ms}");
        rig.start(push, "routes: [{name: here, path: /**, upstream: backend, auth: none}]");
        rig.ask("GET", "/");
        rig.ask("GET", "/");
        rig.log(2);
        Rig.until(() -> added().getCount() == 2, () -> "not sent: two requests");
        rig.clock().advance(Duration.ofSeconds(5));
        rig.reload(push, "routes: [{name: there, path: /**, upstream: backend, auth: none}]");
        collector.metrics(collector.metrics(0).size() + 2);
        rig.reload(push, "routes: [{name: here, path: /**, upstream: backend, auth: none}]");
        rig.ask("GET", "/");

        Rig.until(() -> added().getCount() == 1, () -> "not sent: one request");
        assertThat(added().getStartTimeUnixNano()).isEqualTo(START + 5_000_000_000L);
    }

    /** What was sent last of the one route; nothing where it is not there. */
    private HistogramDataPoint added() {
        try {
            return latest().stream()
                    .filter(metric -> metric.getName().equals("keygate_added_seconds"))
                    .map(metric -> metric.getHistogram().getDataPoints(0))
                    .findAny()
                    .orElse(HistogramDataPoint.getDefaultInstance());
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theLastOnesAreSentInTheEnd() throws Exception {
        start("1h");
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        Rig.await(rig.keygate().close());

        assertThat(collector.metrics(0)).hasSize(1);
        Map<String, Double> last = pushed(latest());
        assertThat(last).containsEntry("keygate_requests_in_flight{}", 0.0).containsEntry("keygate_units_owed{}", 0.0);
        assertThat(last.get("keygate_units_settled_total{}")).isPositive();
        assertThat(last)
                .containsEntry("keygate_requests_seconds_count{blame=none,reason=served,route=/**,status=2xx}", 2.0);
    }

    @Test
    void theLastOnesCountTheLastSpans() throws Exception {
        rig.start("telemetry: {otlp: '" + collector.url()
                + "', interval: 1m, traces: {ratio: 1}, metrics: {interval: 1h}}");
        assertThat(rig.ask("GET", "/").status()).isEqualTo(401);
        Rig.await(rig.keygate().close());

        assertThat(collector.spans(1)).hasSize(1);
        assertThat(pushed(latest())).containsEntry("keygate_spans_total{outcome=sent}", 1.0);
    }

    @Test
    void offNothingIsSent() throws Exception {
        rig.start(telemetry(""));
        rig.get("/", "good");
        Rig.await(rig.keygate().close());

        assertThat(collector.metrics(0)).isEmpty();
        assertThat(collector.refused()).isZero();
    }

    @Test
    void gatewaysAreToldApart() throws Exception {
        start("1h");
        Rig.await(rig.keygate().close());
        start("1h");
        Rig.await(rig.keygate().close());

        List<Map<String, String>> who = collector.metrics(2).stream()
                .map(sent -> attributes(sent.getResource().getAttributesList()))
                .toList();
        assertThat(who).allSatisfy(one -> assertThat(one).containsEntry("service.name", "keygate"));
        assertThat(who.get(0).get("service.instance.id"))
                .isNotBlank()
                .isNotEqualTo(who.get(1).get("service.instance.id"));
    }

    @Test
    void aCollectorThatRefusesCostsOneLineAndNoRequest() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("keygate.metrics");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        try {
            collector.answer(503);
            start("10ms");
            Rig.until(() -> collector.refused() >= 5, () -> "only sent " + collector.refused() + " times");
            assertThat(rig.get("/", "good").status()).isEqualTo(200);
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("metrics cannot be delivered: check telemetry.otlp");
            assertThat(lines.list.get(0).getKeyValuePairs().toString()).contains("the collector refuses them");

            collector.answer(200);
            collector.metrics(3);
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(
                            "metrics cannot be delivered: check telemetry.otlp", "metrics are delivered again");
        } finally {
            logger.setLevel(null);
            logger.setAdditive(true);
            logger.detachAppender(lines);
        }
    }

    @Test
    void aCollectorThatHangsHoldsUpNeitherRequestsNorTheEnd() throws Exception {
        collector.answer(0);
        rig.start("telemetry: {otlp: '" + collector.url() + "', timeout: 1m, metrics: {interval: 10ms}}");
        Rig.until(() -> collector.refused() == 1, () -> "nothing was sent");

        assertThat(rig.get("/", "good").status()).isEqualTo(200);
        Rig.await(rig.keygate().close());
        assertThat(collector.refused()).isLessThanOrEqualTo(2);
    }
}
