package keygate.proxy;

import java.time.Duration;
import java.util.List;

/**
 * A service behind the gateway.
 *
 * @param targets where it runs; requests go to each in turn
 * @param connectTimeout the most that a request may wait for a connection, new or pooled
 * @param keepAlive how long an unused connection is kept; below what the service itself allows
 * @param maxConnections the most connections of one event loop to one target
 * @param maxUpgraded the most WebSockets of one event loop to one target
 * @param maxPending the most requests of one event loop that wait for a connection
 */
public record Upstream(
        String name,
        List<Target> targets,
        Duration connectTimeout,
        Duration keepAlive,
        int maxConnections,
        int maxUpgraded,
        int maxPending) {
    public Upstream {
        targets = List.copyOf(targets);
    }

    /** One place where an upstream runs. */
    public record Target(String host, int port, boolean tls) {
        /** Host and port, as logs name it and as its own Host header says it. */
        @Override
        public String toString() {
            boolean isDefault = port == (tls ? 443 : 80);
            String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
            return isDefault ? name : name + ":" + port;
        }
    }
}
