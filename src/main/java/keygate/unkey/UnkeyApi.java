package keygate.unkey;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import keygate.accept.Time;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.LiveMaterial;
import keygate.judge.Question;
import keygate.judge.Verification.NoAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Calls Unkey's API. No operation is idempotent, so a call is repeated only where it surely never left (connecting
 * failed) or was refused without being carried out (429), and never after its deadline. Redirects are not followed:
 * they would carry the root key away.
 */
public final class UnkeyApi {
    private static final int MAX_CONNECT_RETRIES = 2;
    private static final Duration CONNECT_PAUSE = Duration.ofMillis(50);

    private final Vertx vertx;
    private final UnkeySettings settings;
    private final HttpClientAgent connections;
    private final WebClient client;
    private final BackOff backOff;
    private final Breaker breaker;
    private final Skew skew;
    private final CallLog log;
    private final Time time;
    private final AtomicInteger sending = new AtomicInteger();
    private volatile boolean retired;
    private Runnable forget = () -> {};

    /** A client with connections of its own; what it shares with other clients is given to it. */
    public UnkeyApi(
            Vertx vertx, UnkeySettings settings, BackOff backOff, Breaker breaker, Skew skew, CallLog log, Time time) {
        this.vertx = vertx;
        this.settings = settings;
        WebClientOptions options = options(settings);
        this.connections =
                vertx.httpClientBuilder().with(options).with(pool(settings)).build();
        this.client = WebClient.wrap(connections, options);
        this.backOff = backOff;
        this.breaker = breaker;
        this.skew = skew;
        this.log = log;
        this.time = time;
    }

    /** Trusts and shows what these say, instead of Java's defaults, now and whenever the files change. */
    public void encrypt(ClientTls tls, LiveMaterial material) {
        forget = material.into(now -> connections.updateSSLOptions(tls.options(now)));
    }

    static WebClientOptions options(UnkeySettings settings) {
        return new WebClientOptions()
                .setUserAgent("keygate")
                .setFollowRedirects(false)
                .setConnectTimeout((int) settings.connectTimeout().toMillis())
                .setKeepAliveTimeout((int) Math.max(1, settings.keepAlive().toSeconds()))
                .setVerifyHost(true)
                .setTrustAll(false);
    }

    static PoolOptions pool(UnkeySettings settings) {
        return new PoolOptions().setHttp1MaxSize(settings.maxConnections()).setMaxWaitQueueSize(settings.maxPending());
    }

    /**
     * Calls an operation. Fails only with a {@link CallFailed}, at the latest when the configured timeout is over.
     *
     * @param purpose what for, for the metrics
     * @param clientIp sent as the only {@code X-Forwarded-For}, for the API's allow-list; null for none
     */
    <T> Future<Envelope<T>> call(Operation<T> operation, String purpose, Buffer body, @Nullable String clientIp) {
        long started = time.nanos();
        if (!breaker.admits()) {
            return Future.<Envelope<T>>failedFuture(CallFailed.unreachable("no call lately was answered"))
                    .onComplete(ended -> log.ended(operation.name(), purpose, Duration.ZERO, ended.cause()));
        }
        log.begun();
        return Future.succeededFuture()
                .compose(begin -> attempt(operation, body, clientIp, started, 0))
                .recover(failure -> Future.failedFuture(Failures.asCallFailed(failure)))
                .onComplete(ended -> {
                    log.over();
                    if (purpose.equals(Question.Purpose.EXPLAIN.label())) {
                        // Whoever only asks what would be must not make it so.
                        breaker.left();
                    } else {
                        breaker.ended(time.since(started), ended.cause());
                    }
                    log.ended(operation.name(), purpose, time.since(started), ended.cause());
                });
    }

    /** Walks a list page by page, in order; see {@link Pages}. */
    <T> Future<Void> pages(
            Operation<List<T>> operation, Function<@Nullable String, Buffer> body, Consumer<List<T>> page) {
        return new Pages<>(cursor -> call(operation, "list", body.apply(cursor), null), page, this::pause).walk();
    }

    private <T> Future<Envelope<T>> attempt(
            Operation<T> operation, Buffer body, @Nullable String clientIp, long started, int attempt) {
        if (retired) {
            return Future.failedFuture(CallFailed.unreachable("the connections are closed"));
        }
        Duration left = left(started);
        Duration gate = backOff.remaining();
        if (gate.compareTo(left) >= 0) {
            return Future.failedFuture(
                    gate.isZero()
                            ? CallFailed.unreachable("no answer within " + settings.timeout())
                            : throttled(gate, 0));
        }
        if (!gate.isZero()) {
            return pause(gate).compose(v -> attempt(operation, body, clientIp, started, attempt));
        }
        return send(operation, body, clientIp, left).recover(failure -> {
            if (failure instanceof CallFailed refused && refused.why() == NoAnswer.Cause.THROTTLED) {
                boolean inTime = refused.retryAfter().compareTo(left(started)) < 0;
                return inTime ? attempt(operation, body, clientIp, started, attempt) : Future.failedFuture(refused);
            }
            if (Failures.neverLeft(failure) && attempt < MAX_CONNECT_RETRIES) {
                return pause(CONNECT_PAUSE.multipliedBy(1L << attempt))
                        .compose(v -> attempt(operation, body, clientIp, started, attempt + 1));
            }
            return Future.failedFuture(failure);
        });
    }

    private Duration left(long started) {
        return settings.timeout().minus(time.since(started));
    }

    private <T> Future<Envelope<T>> send(
            Operation<T> operation, Buffer body, @Nullable String clientIp, Duration left) {
        long sent = time.nanos();
        long millis = Math.max(1, left.toMillis());
        HttpRequest<Buffer> request = client.postAbs(settings.url() + operation.path())
                .putHeader("authorization", "Bearer " + settings.rootKey().reveal())
                .putHeader("content-type", "application/json")
                .putHeader("accept", "application/json")
                .connectTimeout(Math.min(millis, settings.connectTimeout().toMillis()))
                .timeout(millis);
        if (clientIp != null) {
            request.putHeader("x-forwarded-for", clientIp);
        }
        sending.incrementAndGet();
        return request.as(new CappedBody(settings.maxResponseBytes()))
                .sendBuffer(body)
                .timeout(millis, TimeUnit.MILLISECONDS)
                .recover(failure ->
                        Future.failedFuture(Failures.withoutConnection(failure) ? withoutConnection() : failure))
                .onComplete(ended -> sending.decrementAndGet())
                .map(response -> read(operation, response, sent));
    }

    /** Whether others had all connections, or none could be opened: the first says nothing about Unkey. */
    private CallFailed withoutConnection() {
        return sending.get() > settings.maxConnections()
                ? CallFailed.busy()
                : CallFailed.unreachable("no connection within " + settings.connectTimeout());
    }

    private <T> Envelope<T> read(Operation<T> operation, HttpResponse<Buffer> response, long sent) {
        skew.learn(response.getHeader("date"), time.since(sent));
        if (response.statusCode() == 429) {
            Duration wait = backOff.refused(Failures.retryAfter(response.getHeader("retry-after")), sent);
            throw throttled(wait, 429);
        }
        backOff.passed(sent);
        if (response.statusCode() != 200) {
            throw Failures.ofStatus(response.statusCode(), response.body(), settings::plain);
        }
        return Json.read(response.body(), operation.answer());
    }

    /** @param status 0 where the gate was closed already, so that nothing was asked */
    private static CallFailed throttled(Duration wait, int status) {
        return new CallFailed(
                NoAnswer.Cause.THROTTLED,
                "the workspace has used up its calls",
                null,
                "workspace_rate_limited",
                wait,
                false,
                status);
    }

    private Future<Void> pause(Duration pause) {
        return vertx.timer(Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS).mapEmpty();
    }

    /** Makes no more calls; those that are under way may end as they would have. */
    public Future<Void> retire() {
        retired = true;
        forget.run();
        return connections.shutdown(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes the connections. */
    public void close() {
        retired = true;
        forget.run();
        connections.close();
    }
}
