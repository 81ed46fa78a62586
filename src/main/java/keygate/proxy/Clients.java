package keygate.proxy;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientResolverConfig;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientBuilder;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.AddressResolver;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.LiveMaterial;
import keygate.modify.UpstreamHead;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to all upstreams. Each loop has its own, so that a request never changes threads.
 * Not safe for other threads.
 */
public final class Clients {
    private static final int MAX_RESPONSE_HEADER = 32 * 1024;
    private static final int CHUNK = 64 * 1024;
    /** The most requests on one connection of HTTP/2, where the service itself allows as many. */
    private static final int MAX_STREAMS = 100;

    private static final long MOMENT_MILLIS = 5_000;
    static final Duration LONGEST_STREAM = Duration.ofDays(365);

    private final Vertx vertx;
    /** By the upstream itself: a changed one is another, and one that has not changed stays the same object. */
    private final IdentityHashMap<Upstream, Pool> pools = new IdentityHashMap<>();

    /** Those that are not needed any more, with the timers that will close them. */
    private final Map<Pool, Long> retired = new HashMap<>();

    /** Must be created on the event loop that will use it. */
    public Clients(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The connections to one upstream, for requests and for those that are taken over. */
    private record Pool(Client requests, Client upgrades) {
        Future<?> close(Duration grace) {
            return Future.join(requests.close(grace), upgrades.close(grace));
        }
    }

    /**
     * Connections of one kind.
     *
     * @param announced how callers are announced
     * @param crowd those connections that serve one caller each
     * @param forget ends the hearing of changes of TLS files
     */
    private record Client(HttpClientAgent agent, Upstream.Announced announced, Crowd crowd, Runnable forget) {
        Future<?> close(Duration grace) {
            forget.run();
            return agent.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * A request on a connection to one of the endpoints, its head not filled and not sent.
     *
     * @param target what the endpoint is called: names it in its certificate
     * @param address where it is
     * @param upgrade whether the connection is meant to be taken over, and so never to come back; such ones live long,
     *     and take none from requests
     * @param announced whom the connection is for, where the upstream wants to be told; null to tell it nothing
     */
    Future<HttpClientRequest> request(
            Endpoints endpoints,
            Upstream.Target target,
            SocketAddress address,
            UpstreamHead head,
            boolean upgrade,
            @Nullable Announcement announced) {
        Upstream upstream = endpoints.upstream();
        Pool pool = pools.computeIfAbsent(upstream, absent -> pool(upstream, endpoints.material()));
        Client client = upgrade ? pool.upgrades : pool.requests;
        RequestOptions options = new RequestOptions()
                .setServer(announced == null ? address : client.announced.announcing(address, announced, client.crowd))
                .setHost(serverName(upstream, target))
                .setPort(address.port())
                .setSsl(target.tls())
                .setMethod(HttpMethod.valueOf(head.method()))
                .setURI(head.uri())
                .setConnectTimeout(upstream.connectTimeout().toMillis());
        if (upgrade || (upstream.protocol() == Upstream.Protocol.AUTO && !target.tls())) {
            options.setProtocolVersion(HttpVersion.HTTP_1_1);
        }
        Future<HttpClientRequest> request = client.agent.request(options);
        return client.announced == Upstream.Announced.OFF ? request : request.onSuccess(Crowd::lent);
    }

    private Pool pool(Upstream upstream, @Nullable LiveMaterial material) {
        return new Pool(
                client(upstream, material, upstream.protocol(), upstream.maxConnections()),
                client(upstream, material, Upstream.Protocol.HTTP1, upstream.maxUpgraded()));
    }

    /**
     * Keeps the connections to these upstreams. Those to others are closed a moment later, for requests that came
     * before and have yet to be sent, and as soon as what is under way on them has ended, streams included.
     */
    public void retain(Upstreams upstreams) {
        Set<Upstream> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        upstreams.all().forEach(endpoints -> kept.add(endpoints.upstream()));
        for (Upstream upstream : List.copyOf(pools.keySet())) {
            if (!kept.contains(upstream)) {
                Pool pool = requireNonNull(pools.remove(upstream));
                retired.put(pool, vertx.setTimer(MOMENT_MILLIS, fired -> retire(pool)));
            }
        }
    }

    private void retire(Pool pool) {
        pool.close(LONGEST_STREAM).onComplete(closed -> retired.remove(pool));
    }

    /** The name that TLS asks for and looks for; the endpoint's address is given apart from it. */
    private static String serverName(Upstream upstream, Upstream.Target target) {
        String name = upstream.tls() == null ? "" : upstream.tls().serverName();
        return name.isEmpty() ? target.called() : name;
    }

    private Client client(
            Upstream upstream, @Nullable LiveMaterial material, Upstream.Protocol protocol, int maxConnections) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) upstream.connectTimeout().toMillis())
                .setKeepAliveTimeout((int) Math.max(1, upstream.keepAlive().toSeconds()))
                .setMaxHeaderSize(MAX_RESPONSE_HEADER)
                .setMaxChunkSize(CHUNK)
                .setDecompressionSupported(false)
                .setVerifyHost(true)
                .setForceSni(
                        upstream.tls() != null && !upstream.tls().serverName().isEmpty())
                .setTcpNoDelay(true);
        speak(protocol, upstream.keepAlive(), options);
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(maxConnections)
                .setHttp2MaxSize(maxConnections)
                .setMaxWaitQueueSize(upstream.maxPending());
        HttpClientBuilder builder = vertx.httpClientBuilder().with(options).with(pool);
        if (upstream.proxyProtocol() != Upstream.Announced.OFF) {
            // Vert.x' own resolver would make another address of the same octets, without the caller. What is found is
            // kept for each caller, and would be for a minute.
            builder.with(new HttpClientConfig(options)
                            .setResolverConfig(new ClientResolverConfig().setKeepAliveTimeout(Duration.ofSeconds(1))))
                    .withAddressResolver(AddressResolver.<SocketAddress>mappingResolver(List::of));
        }
        HttpClientAgent client = builder.withConnectHandler(Clients::connected).build();
        ClientTls encryption = upstream.tls();
        Runnable forget = encryption == null || material == null
                ? () -> {}
                : material.into(now -> client.updateSSLOptions(encryption.options(now)));
        return new Client(client, upstream.proxyProtocol(), new Crowd(maxConnections), forget);
    }

    private static void connected(HttpConnection connection) {
        // Without a handler every aborted stream is logged as an error of the connection.
        connection.exceptionHandler(ignored -> {});
        Crowd.speaks(connection);
    }

    private static void speak(Upstream.Protocol protocol, Duration keepAlive, HttpClientOptions options) {
        options.setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(MAX_STREAMS)
                .setHttp2KeepAliveTimeout((int) Math.max(1, keepAlive.toSeconds()));
        switch (protocol) {
            case HTTP1 -> options.setProtocolVersion(HttpVersion.HTTP_1_1);
            case HTTP2 ->
                options.setProtocolVersion(HttpVersion.HTTP_2)
                        .setUseAlpn(true)
                        .setAlpnVersions(List.of(HttpVersion.HTTP_2));
            case AUTO ->
                options.setProtocolVersion(HttpVersion.HTTP_2)
                        .setUseAlpn(true)
                        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
        }
    }

    /** Closes all connections. */
    public Future<Void> close() {
        retired.values().forEach(vertx::cancelTimer);
        Stream<Pool> all = Stream.concat(pools.values().stream(), retired.keySet().stream());
        return Future.join(all.map(pool -> pool.close(Duration.ZERO)).toList()).mapEmpty();
    }
}
