package keygate.config;

import java.time.Duration;
import keygate.judge.Trust;
import keygate.judge.Trust.OnOutage;

/** Reads how far remembered answers are trusted, for all routes and for one. */
final class TrustReader {
    private static final Trust DEFAULT =
            new Trust(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(10), OnOutage.SERVE_KNOWN);
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private TrustReader() {}

    /** What holds for every route; the section has other keys, too, which are the caller's to ask for. */
    static Trust read(Section section) {
        return read(section, DEFAULT);
    }

    /** What a route says, on top of what holds for all. */
    static Trust ofRoute(Section route, Trust global) {
        Section section = route.at("verdicts").section();
        Trust trust = read(section, global);
        section.done();
        return trust;
    }

    private static Trust read(Section section, Trust or) {
        return new Trust(
                section.at("fresh").duration(or.fresh(), TICK, LONGEST),
                section.at("stale").duration(or.stale(), Duration.ZERO, LONGEST),
                section.at("outage").duration(or.outage(), Duration.ZERO, LONGEST),
                section.at("onOutage").choice(OnOutage.class, or.onOutage()));
    }

    /** How long an answer may be of any use. */
    static Duration longest(Trust trust) {
        Duration served = longer(trust.fresh(), trust.stale());
        return trust.onOutage() == OnOutage.DENY ? served : longer(served, trust.outage());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
