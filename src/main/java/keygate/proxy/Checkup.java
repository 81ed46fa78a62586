package keygate.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at where upstreams run in the way that the gateway itself does, once, for tools. Safe for every thread. */
public final class Checkup {
    private final Context context;
    private final Names names;
    private final Clients clients;
    private final Upstreams upstreams;

    private Checkup(Vertx vertx, DnsSettings dns, Upstreams upstreams) {
        this.context = vertx.getOrCreateContext();
        this.names = new Names(vertx, dns);
        this.clients = new Clients(vertx);
        this.upstreams = upstreams;
    }

    /**
     * What a lookup found.
     *
     * @param failure why these may not be all, or null
     */
    public record Found(
            List<SocketAddress> addresses, @Nullable Throwable failure) {}

    /**
     * Begins on an event loop of its own.
     *
     * @param upstreams all whose health may be asked for
     */
    public static Future<Checkup> open(Vertx vertx, DnsSettings dns, Upstreams upstreams) {
        Promise<Checkup> opened = Promise.promise();
        vertx.getOrCreateContext().runOnContext(begun -> opened.complete(new Checkup(vertx, dns, upstreams)));
        return opened.future();
    }

    private <T> Future<T> there(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(begun -> work.get().onComplete(done));
        return done.future();
    }

    /** Where a target runs; never fails. */
    public Future<Found> find(Upstream.Target target) {
        return there(() -> names.find(target))
                .map(found ->
                        new Found(found.places().stream().map(Place::address).toList(), found.failure()));
    }

    /** Where to connect to an address, so that the service hears first what it wants to hear first. */
    public SocketAddress greeted(Upstream upstream, SocketAddress address) {
        return upstream.proxyProtocol().announcing(address, Announcement.NOBODY, new Crowd(Integer.MAX_VALUE));
    }

    /** Asks one address how it is, as the health checks of its upstream do. Fails where they would. */
    public Future<Void> health(
            Upstream upstream, Upstream.Health health, Upstream.Target target, SocketAddress address) {
        return there(() -> Prober.ask(clients, upstreams.of(upstream), health, target, address));
    }

    /** Closes all connections. */
    public Future<Void> close() {
        return there(() -> {
            names.close();
            return clients.close();
        });
    }
}
