/** Traces of requests, for whoever collects them over OTLP. Off, no class of OpenTelemetry is touched. */
@NullMarked
package keygate.report.trace;

import org.jspecify.annotations.NullMarked;
