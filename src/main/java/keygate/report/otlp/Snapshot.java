package keygate.report.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells OpenTelemetry what a Prometheus registry holds, by the same names, with the same labels: counters and
 * histograms count from a beginning on (cumulative), gauges are numbers, and what is no number is left out.
 */
final class Snapshot {
    private final Resource self;
    private final Beginnings beginnings;
    private final long now;

    private Snapshot(Resource self, Beginnings beginnings, long now) {
        this.self = self;
        this.beginnings = beginnings;
        this.now = now;
    }

    /**
     * All that is held.
     *
     * @param now in nanoseconds since 1970, as the beginnings are
     */
    static List<MetricData> of(MetricSnapshots held, Resource self, Beginnings beginnings, long now) {
        Snapshot snapshot = new Snapshot(self, beginnings, now);
        List<MetricData> metrics = held.stream().flatMap(snapshot::metric).toList();
        beginnings.looked(now);
        return metrics;
    }

    private Stream<MetricData> metric(MetricSnapshot metric) {
        String name = metric.getMetadata().getPrometheusName();
        if (metric instanceof CounterSnapshot counter) {
            return Stream.of(counter(name + "_total", counter));
        }
        if (metric instanceof HistogramSnapshot histogram) {
            return Stream.of(histogram(name, histogram));
        }
        return metric instanceof GaugeSnapshot gauge ? gauge(name, gauge) : Stream.empty();
    }

    private MetricData counter(String name, CounterSnapshot counter) {
        List<DoublePointData> points = counter.getDataPoints().stream()
                .map(point -> {
                    long since = beginnings.of(name, point.getLabels(), point.getValue());
                    return DoublePointData.create(
                            since, now, attributes(point.getLabels()), point.getValue(), List.of());
                })
                .toList();
        return new Metric(
                self,
                name,
                counter.getMetadata(),
                MetricDataType.DOUBLE_SUM,
                SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, points));
    }

    private Stream<MetricData> gauge(String name, GaugeSnapshot gauge) {
        List<DoublePointData> points = gauge.getDataPoints().stream()
                .filter(point -> Double.isFinite(point.getValue()))
                .map(point ->
                        DoublePointData.create(now, now, attributes(point.getLabels()), point.getValue(), List.of()))
                .toList();
        return points.isEmpty()
                ? Stream.empty()
                : Stream.of(new Metric(
                        self,
                        name,
                        gauge.getMetadata(),
                        MetricDataType.DOUBLE_GAUGE,
                        GaugeData.createDoubleGaugeData(points)));
    }

    private MetricData histogram(String name, HistogramSnapshot histogram) {
        List<HistogramPointData> points = histogram.getDataPoints().stream()
                .map(point -> distribution(name, point))
                .toList();
        return new Metric(
                self,
                name,
                histogram.getMetadata(),
                MetricDataType.HISTOGRAM,
                HistogramData.create(AggregationTemporality.CUMULATIVE, points));
    }

    private HistogramPointData distribution(String name, HistogramSnapshot.HistogramDataPointSnapshot point) {
        List<Long> counts = point.getClassicBuckets().stream()
                .map(ClassicHistogramBucket::getCount)
                .toList();
        // The last bucket has no bound, and needs none here.
        List<Double> bounds = point.getClassicBuckets().stream()
                .map(ClassicHistogramBucket::getUpperBound)
                .filter(Double::isFinite)
                .toList();
        long count = counts.stream().mapToLong(Long::longValue).sum();
        long since = beginnings.of(name, point.getLabels(), (double) count);
        Attributes labels = attributes(point.getLabels());
        return HistogramPointData.create(since, now, labels, point.getSum(), false, 0, false, 0, bounds, counts);
    }

    private static Attributes attributes(Labels labels) {
        AttributesBuilder attributes = Attributes.builder();
        labels.forEach(label -> attributes.put(label.getName(), label.getValue()));
        return attributes.build();
    }
}
