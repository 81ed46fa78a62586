package keygate.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import keygate.accept.tls.ClientTls;
import keygate.proxy.Balance;
import keygate.proxy.Upstream;
import org.jspecify.annotations.Nullable;

/** Reads the services behind the gateway. */
final class UpstreamReader {
    /** In place of one that could not be read. */
    static final Upstream NONE = new Upstream(
            "",
            List.of(),
            Balance.ROUND_ROBIN,
            new Upstream.Ejection(0, false, Duration.ZERO, Duration.ZERO, 0),
            null,
            Duration.ZERO,
            Duration.ZERO,
            0,
            0,
            0,
            Upstream.Protocol.HTTP1,
            Upstream.Announced.OFF,
            null);

    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String PATH = "write a path such as /healthz";

    private UpstreamReader() {}

    static Map<String, Upstream> read(Section section) {
        Map<String, Upstream> upstreams = new LinkedHashMap<>();
        section.named().forEach((name, field) -> upstreams.put(name, upstream(name, field.section())));
        if (upstreams.isEmpty()) {
            section.fault("no upstream is declared", "add one, as in 'upstreams: {api: {url: http://127.0.0.1:3000}}'");
        }
        return upstreams;
    }

    private static Upstream upstream(String name, Section section) {
        List<Upstream.Target> targets = TargetReader.read(section);
        Upstream upstream = new Upstream(
                name,
                targets,
                section.at("balance").choice(Balance.class, Balance.ROUND_ROBIN),
                ejection(section.at("ejection").section()),
                health(section.at("health")),
                section.at("connectTimeout").duration(Duration.ofSeconds(2), TICK, Duration.ofMinutes(5)),
                section.at("keepAlive").duration(Duration.ofSeconds(4), Duration.ofSeconds(1), HOUR),
                section.at("maxConnections").integer(128, 1, 100_000),
                section.at("maxUpgraded").integer(1024, 1, 100_000),
                section.at("maxPending").integer(1024, 0, 1_000_000),
                section.at("protocol").choice(Upstream.Protocol.class, Upstream.Protocol.HTTP1),
                section.at("proxyProtocol").choice(Upstream.Announced.class, Upstream.Announced.OFF),
                tls(section.at("tls"), targets));
        section.done();
        return upstream;
    }

    private static @Nullable ClientTls tls(Field field, List<Upstream.Target> targets) {
        ClientTls tls = TlsReader.client(field);
        if (!field.isPresent()) {
            return null;
        }
        if (!targets.isEmpty() && targets.stream().noneMatch(Upstream.Target::tls)) {
            field.fault("no target of this upstream is encrypted", "write its url as https://host:port, or remove tls");
        }
        return tls;
    }

    private static Upstream.Ejection ejection(Section section) {
        Upstream.Ejection ejection = new Upstream.Ejection(
                section.at("failures").integer(5, 1, 1_000_000),
                section.at("statuses").flag(false),
                section.at("base").duration(Duration.ofSeconds(5), TICK, HOUR),
                section.at("max").duration(Duration.ofMinutes(1), TICK, HOUR),
                section.at("maxShare").integer(50, 0, 100));
        if (ejection.max().compareTo(ejection.base()) < 0) {
            section.at("max")
                    .fault(
                            "the longest ejection (" + Units.text(ejection.max()) + ") is shorter than the first ("
                                    + Units.text(ejection.base()) + ")",
                            "raise max, or lower base");
        }
        section.done();
        return ejection;
    }

    private static Upstream.@Nullable Health health(Field field) {
        Section section = field.optionalSection();
        Field path = section.at("path");
        if (field.isPresent()) {
            path.required(PATH);
        }
        Upstream.Health health = new Upstream.Health(
                path.parse(UpstreamReader::path, "", PATH),
                section.at("port").integer(0, 1, 65_535),
                section.at("interval").duration(Duration.ofSeconds(5), TICK, HOUR),
                section.at("timeout").duration(Duration.ofSeconds(1), TICK, HOUR),
                section.at("healthy").integer(2, 1, 1_000),
                section.at("unhealthy").integer(3, 1, 1_000));
        section.done();
        return field.isPresent() ? health : null;
    }

    private static String path(String text) {
        if (!text.matches("/[!-~&&[^#]]*")) {
            throw new IllegalArgumentException("'" + text + "' is no path");
        }
        return text;
    }
}
