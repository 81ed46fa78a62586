package keygate;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicReference;
import keygate.accept.Door;
import keygate.accept.Time;
import keygate.accept.gate.Gate;
import keygate.accept.tls.TlsStore;
import keygate.config.Settings;
import keygate.judge.Memory;
import keygate.judge.Strangers;
import keygate.limit.Books;
import keygate.limit.Limiter;
import keygate.proxy.ProxyCounts;
import keygate.report.Report;
import keygate.unkey.BackOff;
import keygate.unkey.Breaker;
import keygate.unkey.CallLog;
import keygate.unkey.Skew;

/**
 * What all event loops of one gateway have in common; everything in it is safe for every thread.
 *
 * @param inForce the plan that new requests follow
 * @param gate stands before all listeners
 * @param tls the files of certificates and keys
 * @param memory the answers remembered
 * @param strangers holds back keys that nobody has seen before
 * @param backOff the gate that a 429 of Unkey closes for all
 * @param breaker holds calls back while Unkey does not answer
 * @param skew how far Unkey's clock is from ours
 * @param counts what the proxies did besides plain deliveries
 */
record Shared(
        AtomicReference<Plan> inForce,
        Gate gate,
        TlsStore tls,
        Door door,
        Memory memory,
        Strangers strangers,
        Limiter limiter,
        Report report,
        BackOff backOff,
        Breaker breaker,
        Skew skew,
        CallLog callLog,
        ProxyCounts counts,
        Time time) {
    /** A verdict may rest on several limits; identities share theirs. */
    private static final long METERS_PER_ENTRY = 4;

    /** What a gateway begins with. */
    static Shared of(Settings settings, TlsStore tls, Books books, Report report, MeterRegistry registry, Time time) {
        Skew skew = new Skew(time);
        Memory memory = new Memory(settings.verdicts(), skew.unkeysTime());
        long maxMeters = settings.verdicts().maxEntries() * METERS_PER_ENTRY;
        return new Shared(
                new AtomicReference<>(Plan.first(settings, tls, time)),
                new Gate(settings.server()),
                tls,
                new Door(settings.server().trustedHops(), settings.server().limits()),
                memory,
                new Strangers(settings.verdicts().strangers(), time),
                new Limiter(settings.settle(), memory, books, maxMeters, skew.unkeysTime()),
                report,
                new BackOff(time),
                new Breaker(time),
                skew,
                new CallLog(registry, time),
                new ProxyCounts(),
                time);
    }

    /** The configuration in force. */
    Plan plan() {
        return requireNonNull(inForce.get());
    }
}
