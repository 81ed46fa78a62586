package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import keygate.modify.UpstreamHead;

/**
 * The connections of one event loop to all upstreams. Each loop has its own, so that a request never changes threads.
 * Not safe for other threads.
 */
public final class Clients {
    private static final int MAX_RESPONSE_HEADER = 32 * 1024;
    private static final int CHUNK = 16 * 1024;

    private final Vertx vertx;
    private final Map<String, Pool> pools = new HashMap<>();

    /** Must be created on the event loop that will use it. */
    public Clients(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The connections to one upstream. */
    private record Pool(HttpClientAgent requests, HttpClientAgent upgrades) {
        Future<?> close() {
            return Future.join(requests.close(), upgrades.close());
        }
    }

    /**
     * A request on a connection to an endpoint of an upstream, its head not filled and not sent.
     *
     * @param target what the endpoint is called: names it in its certificate
     * @param address where it is
     * @param upgrade whether the connection is meant to be taken over, and so never to come back; such ones live long,
     *     and take none from requests
     */
    Future<HttpClientRequest> request(
            Upstream upstream, Upstream.Target target, SocketAddress address, UpstreamHead head, boolean upgrade) {
        RequestOptions options = new RequestOptions()
                .setServer(address)
                .setHost(target.called())
                .setPort(address.port())
                .setSsl(target.tls())
                .setMethod(HttpMethod.valueOf(head.method()))
                .setURI(head.uri())
                .setConnectTimeout(upstream.connectTimeout().toMillis());
        Pool pool = pools.computeIfAbsent(
                upstream.name(),
                name -> new Pool(
                        client(upstream, upstream.maxConnections()), client(upstream, upstream.maxUpgraded())));
        return (upgrade ? pool.upgrades : pool.requests).request(options);
    }

    private HttpClientAgent client(Upstream upstream, int maxConnections) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) upstream.connectTimeout().toMillis())
                .setKeepAliveTimeout((int) Math.max(1, upstream.keepAlive().toSeconds()))
                .setMaxHeaderSize(MAX_RESPONSE_HEADER)
                .setMaxChunkSize(CHUNK)
                .setDecompressionSupported(false)
                .setVerifyHost(true)
                .setTcpNoDelay(true);
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(maxConnections).setMaxWaitQueueSize(upstream.maxPending());
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                // Without a handler every aborted stream is logged as an error of the connection.
                .withConnectHandler(connection -> connection.exceptionHandler(ignored -> {}))
                .build();
    }

    /** Closes all connections. */
    public Future<Void> close() {
        return Future.join(pools.values().stream().map(Pool::close).toList()).mapEmpty();
    }
}
