package keygate.proxy;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import keygate.accept.Header;
import keygate.modify.UpstreamHead;

/** Fills the head of a request to an upstream. */
final class Heads {
    private Heads() {}

    /**
     * Fills it.
     *
     * @param upgrade whether it is a handshake; without one, its fields must not pass: some servers look at nothing else
     * @param hasBody whether a body follows, so that it must be framed
     */
    static void fill(
            UpstreamHead head,
            Endpoint endpoint,
            HttpServerRequest request,
            HttpClientRequest to,
            boolean upgrade,
            boolean hasBody) {
        to.headers().clear();
        for (Header field : head.headers()) {
            if (upgrade || !Upgrade.isField(field.name())) {
                to.headers().add(field.name(), field.value());
            }
        }
        String host = head.host().isEmpty() ? endpoint.authority() : head.host();
        if (to.version() == HttpVersion.HTTP_2) {
            to.authority(HostAndPort.parseAuthority(host, -1));
        } else {
            to.putHeader(HttpHeaders.HOST, host);
        }
        Framing.offerTrailers(request, to);
        if (hasBody) {
            Framing.ofRequest(request, to);
        }
    }
}
