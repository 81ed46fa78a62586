package keygate.proxy;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is known of endpoints up to date: looks their names up and asks how they are. One per gateway; lives on
 * one event loop.
 */
public final class Lookout {
    private final Vertx vertx;
    private final DnsSettings settings;
    private final Clients clients;
    private final IdentityHashMap<Endpoints, Post> posts = new IdentityHashMap<>();
    private @Nullable Names names;

    /** What looks after one upstream. */
    private record Post(List<Watch> watches, @Nullable Prober prober) {
        void close() {
            watches.forEach(Watch::close);
            if (prober != null) {
                prober.close();
            }
        }
    }

    /** One that looks after nothing yet. Must be created on the event loop that will use it. */
    public Lookout(Vertx vertx, DnsSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.clients = new Clients(vertx);
    }

    /** Looks after these upstreams from now on, and no others; what it does for those it knows goes on. */
    public void lookAfter(Upstreams upstreams) {
        Set<Endpoints> gone = new HashSet<>(posts.keySet());
        for (Endpoints endpoints : upstreams.all()) {
            if (!gone.remove(endpoints)) {
                posts.put(endpoints, post(endpoints));
            }
        }
        gone.forEach(endpoints -> requireNonNull(posts.remove(endpoints)).close());
        clients.retain(upstreams);
    }

    private Post post(Endpoints endpoints) {
        List<Watch> watches = new ArrayList<>();
        for (Upstream.Target target : endpoints.named()) {
            watches.add(new Watch(vertx, names(), settings, endpoints, target));
        }
        watches.forEach(Watch::look);
        Upstream.Health health = endpoints.upstream().health();
        return new Post(watches, health == null ? null : new Prober(vertx, clients, endpoints, health));
    }

    /** Made only where there are names. */
    private Names names() {
        if (names == null) {
            names = new Names(vertx, settings);
        }
        return names;
    }

    /** Ends all timers, lookups and connections. */
    public Future<Void> close() {
        posts.values().forEach(Post::close);
        if (names != null) {
            names.close();
        }
        return clients.close();
    }
}
