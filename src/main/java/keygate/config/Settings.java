package keygate.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import keygate.accept.ServerSettings;
import keygate.accept.tls.TlsFiles;
import keygate.judge.JudgeSettings;
import keygate.limit.SettleSettings;
import keygate.proxy.DnsSettings;
import keygate.proxy.Upstream;
import keygate.report.ManagementSettings;
import keygate.unkey.UnkeySettings;

/**
 * A whole configuration, checked and immutable: one record for each part of the program.
 *
 * @param upstreams all that are declared, used or not
 * @param rules the routes, in the order of the file, which has no meaning
 */
public record Settings(
        ServerSettings server,
        ManagementSettings management,
        UnkeySettings unkey,
        JudgeSettings verdicts,
        SettleSettings settle,
        DnsSettings dns,
        List<Upstream> upstreams,
        List<Rule> rules) {
    public Settings {
        upstreams = List.copyOf(upstreams);
        rules = List.copyOf(rules);
    }

    /** Every set of TLS files that is used, each once. */
    public Set<TlsFiles> tlsFiles() {
        Set<TlsFiles> files = new LinkedHashSet<>();
        if (server.tls() != null) {
            files.add(server.tls().files());
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
