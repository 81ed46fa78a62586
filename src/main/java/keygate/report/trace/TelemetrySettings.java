package keygate.report.trace;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where traces are sent, and how many.
 *
 * @param otlp the base address of a collector that takes OTLP over HTTP, or null for no traces at all
 * @param ratio the share of requests that are traced, 0 to 1; a trusted hop's own choice goes first
 * @param interval how long spans are gathered before they are sent
 * @param timeout the most that sending may take
 */
public record TelemetrySettings(@Nullable URI otlp, double ratio, Duration interval, Duration timeout) {}
