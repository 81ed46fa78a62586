package keygate;

import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import keygate.accept.gate.Gate;
import keygate.accept.tls.ServerTls;
import keygate.accept.tls.TlsStore;
import keygate.config.Settings;
import keygate.judge.Memory;
import keygate.limit.Books;
import keygate.limit.Limiter;
import keygate.proxy.ProxyCounts;
import keygate.report.FloodFilter;
import keygate.report.LineWriter;
import keygate.report.Metrics;
import keygate.report.trace.Tracing;
import keygate.unkey.BackOff;
import keygate.unkey.Breaker;
import keygate.unkey.CallLog;
import keygate.unkey.Skew;
import org.jspecify.annotations.Nullable;

/** The numbers of a gateway that are read when its metrics are. */
final class Gauges {
    private Gauges() {}

    static void add(Metrics metrics, Shared shared, Books books, LineWriter lines, Reloads reloads) {
        connected(metrics, shared.plan().settings().server().tls(), shared.gate(), shared.tls());
        remembered(metrics, shared);
        charged(metrics, books, shared.limiter());
        proxied(metrics, shared.counts());
        reloaded(metrics, reloads);
        asked(metrics, shared.breaker(), shared.backOff(), shared.skew());
        metrics.gauge("keygate.unkey.calls.under.way", "Calls to Unkey under way", shared.callLog(), CallLog::underWay);
        metrics.counter("keygate.log.dropped", "Access lines dropped since the start", lines, LineWriter::dropped);
        String flood = "Lines of libraries held back since the start, because there were too many in a second";
        metrics.counter("keygate.log.suppressed", flood, lines, writer -> FloodFilter.droppedSoFar());
    }

    /** @param tracing null where nothing is traced, and all stays at 0 */
    static void traced(Metrics metrics, @Nullable Tracing tracing) {
        for (Tracing.Outcome outcome : Tracing.Outcome.values()) {
            metrics.counter(
                    "keygate.spans",
                    "Spans of traced requests, by what became of them",
                    metrics,
                    all -> tracing == null ? 0 : tracing.spans(outcome),
                    "outcome",
                    outcome.name().toLowerCase(Locale.ROOT));
        }
    }

    private static void reloaded(Metrics metrics, Reloads reloads) {
        String about = "New configurations, by what became of them";
        metrics.counter("keygate.config.reloads", about, reloads, Reloads::appliedSoFar, "outcome", "applied");
        metrics.counter("keygate.config.reloads", about, reloads, Reloads::refusedSoFar, "outcome", "refused");
        metrics.gauge(
                "keygate.config.refused",
                "1 while the newest configuration is refused and the one before is in force",
                reloads,
                all -> all.faults().isEmpty() ? 0 : 1);
    }

    private static void connected(Metrics metrics, @Nullable ServerTls served, Gate gate, TlsStore tls) {
        metrics.gauge("keygate.connections", "Connections of callers that are open", gate, Gate::open);
        for (Gate.Why why : Gate.Why.values()) {
            metrics.counter(
                    "keygate.connections.turned.away",
                    "Connections closed before they could ask anything, by why",
                    gate,
                    counts -> counts.turnedAway(why),
                    "why",
                    why.label());
        }
        String reloads = "New TLS files, by what became of them";
        metrics.counter("keygate.tls.reloads", reloads, tls, TlsStore::applied, "outcome", "applied");
        metrics.counter("keygate.tls.reloads", reloads, tls, TlsStore::refused, "outcome", "refused");
        metrics.gauge(
                "keygate.tls.expires.seconds",
                "Seconds until the served certificate with the nearest end expires",
                tls,
                files -> served == null ? Double.NaN : files.secondsLeft(served.files()));
    }

    private static void remembered(Metrics metrics, Shared shared) {
        Memory memory = shared.memory();
        metrics.gauge("keygate.verdicts.remembered", "Answers held, admissions and denials", memory, Memory::size);
        metrics.counter("keygate.verdicts.evicted", "Admissions dropped for want of room", memory, Memory::evictions);
        metrics.gauge("keygate.verdicts.asking", "Questions to Unkey under way", memory, Memory::flights);
        metrics.gauge(
                "keygate.revocation.lag.seconds",
                "How long a busy key is served after it was revoked, while Unkey answers",
                shared,
                all -> revocationLag(all.plan().settings()));
    }

    /** A busy key is asked about as soon as it is not fresh any more. */
    private static double revocationLag(Settings settings) {
        Duration fresh = settings.rules().stream()
                .map(rule -> rule.judge().trust().fresh())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return fresh.plus(settings.unkey().timeout()).toMillis() / 1000.0;
    }

    private static void charged(Metrics metrics, Books books, Limiter limiter) {
        metrics.gauge("keygate.units.owed", "Units admitted that Unkey has not been told of yet", books, Books::owed);
        metrics.counter("keygate.units.settled", "Units that Unkey was told of afterwards", books, Books::settled);
        for (Books.Loss loss : Books.Loss.values()) {
            metrics.counter(
                    "keygate.units.written.off",
                    "Units admitted that Unkey does not count, by why",
                    books,
                    sums -> sums.writtenOff(loss),
                    "why",
                    loss.label());
        }
        metrics.gauge("keygate.accounts", "Keys that owe something or wait for a charge", limiter, Limiter::accounts);
    }

    private static void proxied(Metrics metrics, ProxyCounts counts) {
        metrics.gauge("keygate.upgraded", "WebSockets that are open", counts, ProxyCounts::upgraded);
        for (ProxyCounts.Event event : ProxyCounts.Event.values()) {
            metrics.counter(
                    "keygate.proxied",
                    "What was done besides plain deliveries",
                    counts,
                    all -> all.of(event),
                    "event",
                    event.label());
        }
    }

    private static void asked(Metrics metrics, Breaker breaker, BackOff backOff, Skew skew) {
        metrics.gauge(
                "keygate.unkey.held.back",
                "1 while calls are held back because Unkey does not answer",
                breaker,
                unanswered -> unanswered.isOpen() ? 1 : 0);
        metrics.gauge(
                "keygate.unkey.backed.off.seconds",
                "How long calls still wait because the workspace has used up its calls",
                backOff,
                gate -> gate.remaining().toMillis() / 1000.0);
        metrics.gauge("keygate.unkey.clock.ahead", "Milliseconds that Unkey's clock is ahead", skew, Skew::millis);
    }
}
