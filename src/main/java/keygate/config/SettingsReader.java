package keygate.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import keygate.accept.ServerSettings;
import keygate.identify.IdentifyRule;
import keygate.judge.JudgeSettings;
import keygate.judge.JudgeSettings.StrangerSettings;
import keygate.limit.SettleSettings;
import keygate.manage.ManagementSettings;
import keygate.proxy.DnsSettings;
import keygate.proxy.ProxyRule;
import keygate.proxy.Upstream;
import keygate.report.otlp.TelemetrySettings;
import keygate.unkey.UnkeySettings;

/** Reads the whole file, section by section, and what holds between them. */
final class SettingsReader {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private SettingsReader() {}

    static Settings read(Section top) {
        ServerSettings server = ServerReader.read(top.at("server").section());
        ManagementSettings management =
                ManagementReader.read(top.at("management").section());
        Section remembered = top.at("verdicts").section();
        DnsSettings dns = DnsReader.read(top.at("dns").section());
        TelemetrySettings telemetry = TelemetryReader.read(top.at("telemetry").section());
        Map<String, Upstream> upstreams =
                UpstreamReader.read(top.at("upstreams").section());
        List<Rule> rules = RouteReader.readAll(top, upstreams, TrustReader.read(remembered));
        JudgeSettings verdicts = verdicts(remembered, rules);
        SettleSettings settle = settle(top.at("settle").section());
        boolean asksUnkey = rules.stream().anyMatch(rule -> rule.identify().auth() != IdentifyRule.Auth.NONE);
        UnkeySettings unkey = UnkeyReader.read(top.at("unkey").section(), asksUnkey);
        checkIdle(top, server, unkey, rules);
        Duration reload = top.at("reload").duration(Duration.ofSeconds(2), Duration.ofMillis(100), HOUR);
        top.done();
        String shown = top.shown().json().toString();
        return new Settings(
                server,
                management,
                unkey,
                verdicts,
                settle,
                dns,
                telemetry,
                List.copyOf(upstreams.values()),
                rules,
                reload,
                shown);
    }

    private static JudgeSettings verdicts(Section section, List<Rule> rules) {
        Section denied = section.at("denied").section();
        JudgeSettings settings = new JudgeSettings(
                rules.stream()
                        .map(rule -> TrustReader.longest(rule.judge().trust()))
                        .reduce(TICK, SettingsReader::max),
                section.at("maxEntries").number(100_000, 1, 10_000_000),
                denied.at("hold").duration(Duration.ofSeconds(5), TICK, Duration.ofMinutes(1)),
                denied.at("maxEntries").number(10_000, 1, 1_000_000),
                strangers(section.at("unknown").section()));
        denied.done();
        section.done();
        return settings;
    }

    private static StrangerSettings strangers(Section section) {
        StrangerSettings settings = new StrangerSettings(
                section.at("maxCalls").integer(64, 1, 10_000),
                section.at("maxWaiting").integer(1024, 0, 100_000),
                section.at("maxWait").duration(Duration.ofSeconds(2), TICK, Duration.ofMinutes(1)),
                section.at("perClient").integer(100, 1, 1_000_000),
                section.at("window").duration(Duration.ofMinutes(1), Duration.ofSeconds(1), HOUR));
        section.done();
        return settings;
    }

    private static SettleSettings settle(Section section) {
        SettleSettings settings = new SettleSettings(
                section.at("maxUnits").number(1_000, 1, 1_000_000_000),
                section.at("maxAge").duration(Duration.ofSeconds(5), TICK, HOUR),
                section.at("margin").number(10, 0, 1_000_000_000));
        section.done();
        return settings;
    }

    /** A shorter one would cut callers off while their route still waits, without an answer and blaming them. */
    private static void checkIdle(Section top, ServerSettings server, UnkeySettings unkey, List<Rule> rules) {
        Duration longest = Duration.ZERO;
        for (Rule rule : rules) {
            ProxyRule.Timeouts timeouts = rule.proxy().timeouts();
            // A stall is noticed after at most a quarter more.
            Duration stalled = timeouts.idle().multipliedBy(5).dividedBy(4);
            for (ProxyRule.Share share : rule.proxy().shares()) {
                Duration answered = unkey.timeout()
                        .multipliedBy(2)
                        .plus(share.upstream().connectTimeout())
                        .plus(timeouts.response());
                longest = max(longest, max(stalled, answered));
            }
        }
        if (server.idleTimeout().compareTo(longest) <= 0) {
            Field idle = top.at("server").section().at("idleTimeout");
            idle.fault(
                    "the server's idle timeout (" + Units.text(server.idleTimeout())
                            + ") must be longer than every route may be quiet, which is " + Units.text(longest)
                            + " (1.25 x timeouts.idle, or timeouts.response with connecting and Unkey)",
                    "raise server.idleTimeout, or lower timeouts.response and timeouts.idle");
        }
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
