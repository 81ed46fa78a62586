package keygate.report.otlp;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a collector is sent, and where it is.
 *
 * @param otlp the base address of a collector that takes OTLP over HTTP, or null for nothing at all
 * @param ratio the share of requests that are traced, 0 to 1; a trusted hop's own choice goes first
 * @param interval how long spans are gathered before they are sent
 * @param timeout the most that sending may take
 * @param metrics how often the metrics are sent, or null for never
 */
public record TelemetrySettings(
        @Nullable URI otlp,
        double ratio,
        Duration interval,
        Duration timeout,
        @Nullable Duration metrics) {}
