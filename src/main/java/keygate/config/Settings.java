package keygate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import keygate.accept.ServerSettings;
import keygate.accept.tls.TlsFiles;
import keygate.judge.JudgeSettings;
import keygate.limit.SettleSettings;
import keygate.manage.ManagementSettings;
import keygate.proxy.DnsSettings;
import keygate.proxy.Upstream;
import keygate.report.otlp.TelemetrySettings;
import keygate.unkey.UnkeySettings;

/**
 * A whole configuration, checked and immutable: one record for each part of the program.
 *
 * @param upstreams all that are declared, used or not
 * @param rules the routes, in the order of the file, which has no meaning
 * @param reload how often the file is looked at
 * @param shown the file's keys with their values and defaults, as JSON and without any secret, for operators; what a
 *     route does not say itself stands in {@code defaults}
 */
public record Settings(
        ServerSettings server,
        ManagementSettings management,
        UnkeySettings unkey,
        JudgeSettings verdicts,
        SettleSettings settle,
        DnsSettings dns,
        TelemetrySettings telemetry,
        List<Upstream> upstreams,
        List<Rule> rules,
        Duration reload,
        String shown) {
    public Settings {
        upstreams = List.copyOf(upstreams);
        rules = List.copyOf(rules);
    }

    /** The sections of another configuration that cannot take the place of these while the gateway runs. */
    public List<String> needingRestart(Settings changed) {
        List<String> sections = new ArrayList<>();
        if (!server.equals(changed.server)) {
            sections.add("server");
        }
        if (!management.equals(changed.management)) {
            sections.add("management");
        }
        if (!dns.equals(changed.dns)) {
            sections.add("dns");
        }
        if (!telemetry.equals(changed.telemetry)) {
            sections.add("telemetry");
        }
        if (!unkey.url().equals(changed.unkey.url())) {
            sections.add("unkey.url");
        }
        if (!verdicts.isBoundedLike(changed.verdicts)) {
            sections.add("verdicts");
        }
        return sections;
    }

    /** Every set of TLS files that is used, each once. */
    public Set<TlsFiles> tlsFiles() {
        Set<TlsFiles> files = new LinkedHashSet<>();
        if (server.tls() != null) {
            files.add(server.tls().files());
        }
        if (management.tls() != null) {
            files.add(management.tls().files());
        }
        if (unkey.tls() != null) {
            files.add(unkey.tls().files());
        }
        for (Upstream upstream : upstreams) {
            if (upstream.tls() != null) {
                files.add(upstream.tls().files());
            }
        }
        return files;
    }
}
