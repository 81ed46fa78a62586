package keygate.manage;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import keygate.manage.api.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Who may: with a token whoever presents it; without one whoever is on this machine, or shows a certificate where one is
 * required, but in no case a web site that somebody here has open.
 */
final class Guard {
    private static final String MEND =
            "set management.token and send it, or come to the loopback address of the gateway's "
                    + "own machine or pod, as kubectl port-forward does";
    /** What browsers say of requests that no other site is behind. */
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private final @Nullable Token token;
    private final boolean certified;
    private final Desk desk;

    /** @param desk writes the refusals */
    Guard(ManagementSettings settings, Desk desk) {
        this.token = settings.token();
        this.certified = settings.isCertified();
        this.desk = desk;
    }

    /** Lets those pass who have the token, and all where there is none. */
    void identify(RoutingContext context) {
        if (token == null || token.isIn(context.request().headers().getAll("authorization"))) {
            context.next();
            return;
        }
        context.response().putHeader("www-authenticate", "Bearer realm=\"keygate management\"");
        refuse(context, 401, "unauthorized", "Unauthorized", "send management.token as Authorization: Bearer TOKEN");
    }

    /** Where nothing else says who it is: lets those pass alone who are on this machine. */
    void locate(RoutingContext context) {
        HttpServerRequest request = context.request();
        HostAndPort asked = request.authority();
        if (token != null || certified || isMetrics(request)) {
            context.next();
        } else if (!isLoopback(request.remoteAddress().hostAddress())) {
            forbid(context, "without management.token other machines get health and metrics alone: " + MEND);
        } else if (isForwarded(request)) {
            forbid(context, "a proxy has forwarded this, so nobody knows from where it comes: " + MEND);
        } else if (asked == null || !isHere(asked.host())) {
            // A name that was made to lead here (DNS rebinding): its site would be taken for ours by the browser.
            forbid(context, "the host that was asked for is not localhost or a loopback address: " + MEND);
        } else {
            context.next();
        }
    }

    /** Lets no request pass that a browser sends for another site. The token, where there is one, no site knows. */
    void separate(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (token == null && !isMetrics(request) && isForeign(request)) {
            forbid(
                    context,
                    "a page of another site has sent this: set management.token, or use the gateway's own page");
        } else {
            context.next();
        }
    }

    private static boolean isMetrics(HttpServerRequest request) {
        return request.path().equals("/metrics");
    }

    private static boolean isForeign(HttpServerRequest request) {
        String site = request.getHeader("sec-fetch-site");
        String origin = request.getHeader("origin");
        boolean elsewhere = site != null && !OWN.contains(site);
        return elsewhere || (origin != null && !origin.equals(request.scheme() + "://" + request.getHeader("host")));
    }

    private static boolean isForwarded(HttpServerRequest request) {
        return request.headers().names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.startsWith("x-forwarded-") || name.equals("forwarded") || name.equals("via"));
    }

    private static boolean isHere(String host) {
        return host.equalsIgnoreCase("localhost") || isLoopback(host);
    }

    /** Whether this is an address of the machine's loopback, in any way of writing it; null is none. */
    static boolean isLoopback(@Nullable String address) {
        byte[] octets = address == null ? null : NetUtil.createByteArrayFromIpAddressString(address);
        try {
            // Makes an IPv4 address of one that is mapped into IPv6.
            return octets != null && InetAddress.getByAddress(octets).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private void forbid(RoutingContext context, String detail) {
        refuse(context, 403, "forbidden", "Forbidden", detail);
    }

    private void refuse(RoutingContext context, int status, String code, String title, String detail) {
        // What follows is not read: it may be large, and is nobody's whom we know.
        context.response().putHeader("connection", "close");
        desk.refuse(context, new Problem(status, code, title, detail, List.of()));
    }
}
