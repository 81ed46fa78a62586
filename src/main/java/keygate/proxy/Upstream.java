package keygate.proxy;

import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import keygate.accept.tls.ClientTls;
import org.jspecify.annotations.Nullable;

/**
 * A service behind the gateway.
 *
 * @param targets where it runs, as written in the configuration
 * @param balance which of its endpoints a request goes to
 * @param ejection when an endpoint that fails is left alone for a while
 * @param health how endpoints are asked how they are, or null where they are not
 * @param connectTimeout the most that a request may wait for a connection, new or pooled
 * @param keepAlive how long an unused connection is kept; below what the service itself allows
 * @param maxConnections the most connections of one event loop to one endpoint
 * @param maxUpgraded the most WebSockets of one event loop to one endpoint
 * @param maxPending the most requests of one event loop that wait for a connection
 * @param protocol what is spoken there
 * @param proxyProtocol how connections begin by telling for whom they are
 * @param tls how connections are encrypted, or null for Java's defaults; only where a target's scheme asks for it
 */
public record Upstream(
        String name,
        List<Target> targets,
        Balance balance,
        Ejection ejection,
        @Nullable Health health,
        Duration connectTimeout,
        Duration keepAlive,
        int maxConnections,
        int maxUpgraded,
        int maxPending,
        Protocol protocol,
        Announced proxyProtocol,
        @Nullable ClientTls tls) {
    public Upstream {
        targets = List.copyOf(targets);
    }

    /** The protocol that a service is spoken to in. */
    public enum Protocol {
        HTTP1,
        /** By ALPN over TLS, with prior knowledge in clear text. */
        HTTP2,
        /** What ALPN gives; in clear text HTTP/1.1. */
        AUTO
    }

    /** Whether a service is told by the PROXY protocol for whom a connection is. */
    public enum Announced {
        OFF,
        V1,
        V2;

        private @Nullable HAProxyProtocolVersion version() {
            return switch (this) {
                case OFF -> null;
                case V1 -> HAProxyProtocolVersion.V1;
                case V2 -> HAProxyProtocolVersion.V2;
            };
        }

        /**
         * Where to connect to an address, so that the service hears first what it wants to hear first.
         *
         * @param crowd all connections that this one will be one of
         */
        SocketAddress announcing(SocketAddress address, Announcement announcement, Crowd crowd) {
            HAProxyProtocolVersion version = version();
            return version == null ? address : new AnnouncedAddress(address, version, announcement, crowd);
        }
    }

    /**
     * One place where an upstream runs, as it is written: an address, a name that stands for several, or a service.
     *
     * @param host an address or a name; of a service, the domain that it belongs to. What a certificate must be for
     * @param port 0 for a service, whose records tell it
     * @param weight the share of requests that it gets, beside the others' weights
     * @param service the name whose SRV records tell where it runs, or empty
     */
    public record Target(String host, int port, boolean tls, int weight, String service) {
        /** Whether it is found in the same way, whatever its weight. */
        boolean isSamePlace(Target other) {
            return host.equals(other.host) && port == other.port && service.equals(other.service);
        }

        boolean isService() {
            return !service.isEmpty();
        }

        /** What it is called: the host, without the dot at the end that keeps a name out of the search domains. */
        public String called() {
            return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        }

        /** Host and port as a Host header says them. */
        String authority(int actualPort) {
            boolean isDefault = actualPort == (tls ? 443 : 80);
            String name = host.indexOf(':') >= 0 ? "[" + host + "]" : called();
            return isDefault ? name : name + ":" + actualPort;
        }

        /** Host and port, or the service's name, as logs and metrics name it. */
        @Override
        public String toString() {
            return isService() ? service : authority(port);
        }
    }

    /**
     * When an endpoint that fails gets no requests for a while.
     *
     * @param failures how many in a row; what a failure is: no connection, no answer in time, no valid answer
     * @param statuses whether an answer of 502, 503 or 504 is a failure, too
     * @param base how long the first time; the second in a row twice as long, and so on
     * @param max the longest; an endpoint that does well for as long starts over with {@code base}
     * @param maxShare the most endpoints that may be out because of this, in percent
     */
    public record Ejection(int failures, boolean statuses, Duration base, Duration max, int maxShare) {}

    /**
     * How endpoints are asked how they are. Anything but an answer of 2xx or 3xx in time is a failure.
     *
     * @param port where to ask, 0 for the port that serves requests
     * @param healthy how many good answers in a row bring an endpoint back
     * @param unhealthy how many failures in a row take it out
     */
    public record Health(String path, int port, Duration interval, Duration timeout, int healthy, int unhealthy) {}
}
