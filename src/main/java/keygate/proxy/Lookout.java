package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import keygate.accept.tls.TlsStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is known of endpoints up to date: looks their names up and asks how they are. One per gateway; lives on
 * one event loop.
 */
public final class Lookout {
    private final List<Watch> watches = new ArrayList<>();
    private final List<Prober> probers = new ArrayList<>();
    private final Clients clients;
    private final @Nullable Names names;

    /** Begins at once. Must be created on the event loop that will use it. */
    public Lookout(Vertx vertx, Upstreams upstreams, TlsStore tls, DnsSettings settings) {
        boolean named = upstreams.all().stream()
                .anyMatch(endpoints -> !endpoints.named().isEmpty());
        clients = new Clients(vertx, tls);
        names = named ? new Names(vertx, settings) : null;
        for (Endpoints endpoints : upstreams.all()) {
            if (names != null) {
                for (Upstream.Target target : endpoints.named()) {
                    watches.add(new Watch(vertx, names, settings, endpoints, target));
                }
            }
            Upstream.Health health = endpoints.upstream().health();
            if (health != null) {
                probers.add(new Prober(vertx, clients, endpoints, health));
            }
        }
        watches.forEach(Watch::look);
    }

    /** Ends all timers, lookups and connections. */
    public Future<Void> close() {
        watches.forEach(Watch::close);
        probers.forEach(Prober::close);
        if (names != null) {
            names.close();
        }
        return clients.close();
    }
}
