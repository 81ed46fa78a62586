package keygate.config;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import keygate.accept.Cidr;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.ServerTls;
import keygate.accept.tls.TlsFiles;
import keygate.manage.ManagementSettings;
import keygate.proxy.Upstream;
import keygate.unkey.UnkeySettings;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a file without mistakes holds that is allowed but seldom meant. Goes through settings and file side by
 * side: the one tells what holds, the other where it is written. Looks into certificates, which blocks.
 */
final class Warnings {
    private static final Duration LONG_CALL = Duration.ofSeconds(10);

    private final Section top;
    private final Settings settings;
    private final Ends ends;

    private Warnings(Section top, Settings settings, Instant now) {
        this.top = top;
        this.settings = settings;
        this.ends = new Ends(now);
    }

    /** Notes every warning where its cause stands. */
    static void find(Section top, Settings settings, Instant now) {
        Warnings warnings = new Warnings(top, settings, now);
        warnings.server(top.at("server").section());
        warnings.management(top.at("management").section());
        warnings.unkey(top.at("unkey").section());
        warnings.telemetry(top.at("telemetry").section());
        warnings.upstreams(top.at("upstreams").section());
        warnings.routes();
    }

    private void server(Section server) {
        for (Field item : server.at("trustedHops").items()) {
            String hop = item.required("");
            if (Cidr.parse(hop).map(Cidr::isWorldwide).orElse(false)) {
                item.warn(
                        "everybody in " + hop + " is believed about the client's address, scheme and host",
                        "name the addresses of your proxies alone");
            }
        }
        ServerTls tls = settings.server().tls();
        if (tls != null) {
            Section section = server.at("tls").section();
            List<Field> certificates = section.at("certificates").items();
            List<TlsFiles.Pair> pairs = tls.files().pairs();
            for (int i = 0; i < pairs.size(); i++) {
                ends.check(
                        certificates.get(i).section().at("cert"), pairs.get(i).cert());
            }
            ends.check(section.at("clientCa"), tls.files().ca());
        }
    }

    private void management(Section section) {
        ManagementSettings management = settings.management();
        if (!Reach.isPublic(management.host())) {
            return;
        }
        if (management.token() != null && management.tls() == null) {
            section.at("host")
                    .warn(
                            "the token goes over a public network in clear text",
                            "add management.tls, or bind a private address");
        } else if (management.token() == null && !management.isCertified()) {
            section.at("host")
                    .warn(
                            "metrics and health are shown to the whole internet: nobody is asked who it is",
                            "bind a private address, or set management.token and management.tls");
        }
    }

    private void unkey(Section section) {
        UnkeySettings unkey = settings.unkey();
        boolean clear = "http".equalsIgnoreCase(unkey.url().getScheme());
        if (clear && !Reach.isLoopback(unkey.url().getHost())) {
            section.at("url").warn("the root key and callers' keys go over the network in clear text", "use https");
        }
        if (unkey.timeout().compareTo(LONG_CALL) > 0) {
            section.at("timeout")
                    .warn(
                            "while Unkey hangs each caller with a key that is not remembered waits for "
                                    + Units.text(unkey.timeout()),
                            "lower it: Unkey answers within 2s or not at all");
        }
        if (unkey.tls() != null) {
            ends.check(section.at("tls").section().at("ca"), unkey.tls().files().ca());
        }
    }

    private void telemetry(Section section) {
        if (settings.telemetry().metrics() != null && settings.telemetry().otlp() == null) {
            section.at("metrics")
                    .section()
                    .at("interval")
                    .warn("metrics are sent to nobody", "name a collector in telemetry.otlp, or remove this");
        }
    }

    private void upstreams(Section section) {
        Map<String, Field> fields = section.named();
        Set<String> used = new HashSet<>();
        Stream.concat(
                        top.at("routes").items().stream().map(Field::section),
                        Stream.of(top.at("defaults").section()))
                .forEach(route -> used.addAll(namedBy(route)));
        for (Upstream upstream : settings.upstreams()) {
            Field field = fields.get(upstream.name());
            if (field == null) {
                continue;
            }
            if (!used.contains(upstream.name())) {
                field.warn("no route leads to this upstream", "remove it, or name it on a route");
            }
            for (Upstream.Target target : upstream.targets()) {
                if (!target.tls() && Reach.isPublic(target.host())) {
                    field.warn(
                            "requests to " + target.host() + " go over a public network in clear text",
                            "write its url as https://");
                }
            }
            tls(field.section().at("tls").section(), upstream.tls());
        }
    }

    private void tls(Section section, @Nullable ClientTls tls) {
        if (tls == null) {
            return;
        }
        if (!tls.verifyHost()) {
            section.at("verifyHost")
                    .warn(
                            "whoever has any certificate of a trusted authority may stand in for the service",
                            "set tls.serverName to a name in its certificate, and remove this");
        }
        tls.files().pairs().forEach(pair -> ends.check(section.at("cert"), pair.cert()));
        ends.check(section.at("ca"), tls.files().ca());
    }

    private static List<String> namedBy(Section route) {
        List<Field> fields = new ArrayList<>(
                List.of(route.own("upstream"), route.own("mirror").section().at("upstream")));
        route.own("split").items().forEach(item -> fields.add(item.section().at("upstream")));
        return fields.stream()
                .filter(Field::isPresent)
                .map(field -> field.required(""))
                .toList();
    }

    private void routes() {
        Section defaults = top.at("defaults").section();
        Section verdicts = top.at("verdicts").section();
        List<Field> fields = top.at("routes").items();
        Shadows shadows = new Shadows(settings.rules().stream().map(Rule::route).toList());
        for (int i = 0; i < fields.size(); i++) {
            Rule rule = settings.rules().get(i);
            shadows.check(fields.get(i), rule.route());
            new RouteWarnings(fields.get(i).section().orElse(defaults), verdicts).find(rule);
        }
    }
}
