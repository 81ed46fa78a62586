/** What is sent to a collector over OTLP. Off, no class of OpenTelemetry is touched. */
@NullMarked
package keygate.report.otlp;

import org.jspecify.annotations.NullMarked;
