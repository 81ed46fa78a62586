package keygate.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import keygate.proxy.Upstream;
import org.jspecify.annotations.Nullable;

/** Reads where an upstream runs. */
final class TargetReader {
    private static final String MEND = "write it as http://host:port";
    private static final String MEND_SERVICE = "write it as srv+http://_http._tcp.service.namespace.svc";
    private static final String SERVICE = "srv+";
    /** What a service is called, and the domain that it belongs to. */
    private static final Pattern SERVICE_NAME =
            Pattern.compile("srv\\+(https?)://((?:_[a-z0-9-]+\\.)*([a-z0-9][a-z0-9_.-]*))/?", Pattern.CASE_INSENSITIVE);

    private TargetReader() {}

    static List<Upstream.Target> read(Section section) {
        Field one = section.at("url");
        Field several = section.at("urls");
        if (one.isPresent() == several.isPresent()) {
            section.fault("exactly one of 'url' and 'urls' is needed", MEND);
        }
        List<Upstream.Target> targets = new ArrayList<>();
        if (one.isPresent()) {
            add(targets, one, target(one, 1));
        }
        List<Field> items = several.items();
        items.forEach(item -> add(targets, item, item.isScalar() ? target(item, 1) : weighted(item.section())));
        if (several.isPresent() && items.isEmpty()) {
            several.fault("there is no target", MEND);
        }
        return targets;
    }

    private static void add(List<Upstream.Target> targets, Field field, Upstream.@Nullable Target target) {
        if (target == null) {
            return;
        }
        if (targets.stream().anyMatch(other -> other.toString().equals(target.toString()))) {
            field.fault("the target " + target + " stands twice", "write it once, with a weight");
        }
        targets.add(target);
    }

    private static Upstream.@Nullable Target weighted(Section section) {
        Field url = section.at("url");
        int weight = section.at("weight").integer(1, 1, 1000);
        section.done();
        return url.required(MEND).isBlank() ? null : target(url, weight);
    }

    private static Upstream.@Nullable Target target(Field field, int weight) {
        String text = field.text();
        if (text != null && text.toLowerCase(Locale.ROOT).startsWith(SERVICE)) {
            return field.parse(
                            url -> Optional.of(service(url, weight)), Optional.<Upstream.Target>empty(), MEND_SERVICE)
                    .orElse(null);
        }
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
                bracketed ? host.substring(1, host.length() - 1) : host, Url.port(uri), Url.isTls(uri), weight, "");
    }

    private static Upstream.Target service(String url, int weight) {
        Matcher matcher = SERVICE_NAME.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + url + "' names no service, whose records tell host and port");
        }
        boolean tls = matcher.group(1).equalsIgnoreCase("https");
        return new Upstream.Target(matcher.group(3), 0, tls, weight, matcher.group(2));
    }
}
