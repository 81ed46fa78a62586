package keygate.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import keygate.proxy.Upstream;
import org.jspecify.annotations.Nullable;

/** Reads the services behind the gateway. */
final class UpstreamReader {
    private static final String MEND = "write it as http://host:port";
    private static final Duration TICK = Duration.ofMillis(1);

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
        Upstream upstream = new Upstream(
                name,
                targets(section),
                section.at("connectTimeout").duration(Duration.ofSeconds(2), TICK, Duration.ofMinutes(5)),
                section.at("keepAlive").duration(Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofHours(1)),
                section.at("maxConnections").integer(128, 1, 100_000),
                section.at("maxUpgraded").integer(1024, 1, 100_000),
                section.at("maxPending").integer(1024, 0, 1_000_000));
        section.done();
        return upstream;
    }

    private static List<Upstream.Target> targets(Section section) {
        Field one = section.at("url");
        Field several = section.at("urls");
        if (one.isPresent() == several.isPresent()) {
            section.fault("exactly one of 'url' and 'urls' is needed", MEND);
        }
        List<Upstream.Target> targets = new ArrayList<>();
        add(targets, one.isPresent() ? target(one) : null);
        List<Field> items = several.items();
        items.forEach(item -> add(targets, target(item)));
        if (several.isPresent() && items.isEmpty()) {
            several.fault("there is no target", MEND);
        }
        return targets;
    }

    private static void add(List<Upstream.Target> targets, Upstream.@Nullable Target target) {
        if (target != null) {
            targets.add(target);
        }
    }

    private static Upstream.@Nullable Target target(Field field) {
        URI uri = field.parse(Url::base, URI.create(""), MEND);
        if (uri.getHost() == null) {
            return null;
        }
        if (!Url.path(uri).isEmpty()) {
            field.fault("an upstream has no path of its own", "use 'rewrite' on the route to change paths");
        }
        String host = uri.getHost();
        boolean bracketed = host.startsWith("[");
        return new Upstream.Target(
                bracketed ? host.substring(1, host.length() - 1) : host, Url.port(uri), Url.isTls(uri));
    }
}
