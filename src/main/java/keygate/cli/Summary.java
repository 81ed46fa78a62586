package keygate.cli;

import java.util.List;
import java.util.Locale;
import keygate.config.Rule;
import keygate.config.Settings;
import keygate.find.HostPattern;
import keygate.proxy.Upstream;

/** What a configuration comes to, for a person to read. */
final class Summary {
    private Summary() {}

    /** One line a route: what it serves, what it asks for, where it leads. */
    static List<String> routes(Settings settings) {
        return settings.rules().stream().map(Summary::route).toList();
    }

    private static String url(Upstream.Target target) {
        return (target.tls() ? "https://" : "http://") + target;
    }

    private static String route(Rule rule) {
        String methods = rule.route().methods().isEmpty()
                ? "all methods"
                : String.join(",", rule.route().methods());
        String auth = rule.identify().auth().name().toLowerCase(Locale.ROOT);
        String permissions = rule.judge().asks().permissions();
        return String.format(
                "  route %-24s %s %s (%s), key %s%s -> %s",
                rule.route().name(),
                rule.route().host().equals(HostPattern.ANY)
                        ? "any host"
                        : rule.route().host(),
                rule.route().path(),
                methods,
                auth,
                permissions == null ? "" : ", needs " + permissions,
                String.join(
                        ", ",
                        rule.proxy().shares().stream()
                                .flatMap(share -> share.upstream().targets().stream())
                                .map(Summary::url)
                                .toList()));
    }
}
