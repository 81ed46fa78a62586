package keygate.config;

import java.net.URI;
import java.time.Duration;
import keygate.report.otlp.TelemetrySettings;
import org.jspecify.annotations.Nullable;

/** Reads what a collector is sent, and where it is. */
final class TelemetryReader {
    private static final String MEND = "write the base address of a collector, such as http://127.0.0.1:4318";

    private TelemetryReader() {}

    static TelemetrySettings read(Section section) {
        Section traces = section.at("traces").section();
        TelemetrySettings settings = new TelemetrySettings(
                otlp(section.at("otlp")),
                traces.at("ratio").ratio(0.1),
                section.at("interval").duration(Duration.ofSeconds(5), Duration.ofMillis(1), Duration.ofMinutes(1)),
                section.at("timeout").duration(Duration.ofSeconds(10), Duration.ofMillis(1), Duration.ofMinutes(1)),
                metrics(section.at("metrics").section()));
        traces.done();
        section.done();
        return settings;
    }

    private static @Nullable Duration metrics(Section section) {
        Field interval = section.at("interval");
        Duration read = interval.isPresent()
                ? interval.duration(Duration.ofMinutes(1), Duration.ofMillis(1), Duration.ofHours(1))
                : null;
        section.done();
        return read;
    }

    private static @Nullable URI otlp(Field field) {
        return field.isPresent() ? field.parse(Url::base, URI.create("http://invalid"), MEND) : null;
    }
}
