package bench;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/** The least that Vert.x can do as a proxy: what comes in goes out, no key, no route, no log. */
public final class Pipe extends VerticleBase {
    private static final int CHUNK = 65_536;

    private final int port;
    private final int backend;
    private HttpClient client;

    private Pipe(int port, int backend) {
        this.port = port;
        this.backend = backend;
    }

    /** Arguments: the port to listen on, the port of the backend. */
    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.deployVerticle(new Pipe(Integer.parseInt(args[0]), Integer.parseInt(args[1])))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
    }

    @Override
    public Future<?> start() {
        client = vertx.createHttpClient(
                new HttpClientOptions().setMaxChunkSize(CHUNK), new PoolOptions().setHttp1MaxSize(512));
        return vertx.createHttpServer(new HttpServerOptions().setMaxChunkSize(CHUNK))
                .requestHandler(this::pipe)
                .listen(port, "127.0.0.1");
    }

    private void pipe(HttpServerRequest in) {
        in.pause();
        RequestOptions to = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(backend)
                .setMethod(in.method())
                .setURI(in.uri());
        client.request(to)
                .compose(out -> send(in, out))
                .compose(answer -> relay(answer, in))
                .onFailure(failure -> in.connection().close());
    }

    private static Future<HttpClientResponse> send(HttpServerRequest in, HttpClientRequest out) {
        MultiMap headers = in.headers();
        out.headers().setAll(headers);
        if (headers.contains(HttpHeaders.CONTENT_LENGTH) || headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            return out.send(in);
        }
        in.resume();
        return out.send();
    }

    private static Future<Void> relay(HttpClientResponse answer, HttpServerRequest in) {
        in.response().setStatusCode(answer.statusCode());
        in.response().headers().setAll(answer.headers());
        if (in.version() == HttpVersion.HTTP_2) {
            in.response().headers().remove(HttpHeaders.CONNECTION);
        }
        return in.response().send(answer);
    }
}
