package keygate.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a request may be sent once more. Lives on one event loop. */
final class Retry {
    /** RFC 9110, 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
    /** The peer says that it has not looked at the request (RFC 9113, 8.7). */
    private static final long REFUSED_STREAM = 7;

    private final Proxy proxy;
    private final ProxyRule.Retries rule;
    private final Upstream upstream;
    private final boolean idempotent;
    private int made;

    Retry(Proxy proxy, ProxyRule rule, HttpServerRequest request) {
        this.proxy = proxy;
        this.rule = rule.retries();
        this.upstream = rule.pick();
        this.idempotent = IDEMPOTENT.contains(request.method().name());
        proxy.budget(upstream).earn();
    }

    /** The service that was drawn for this request; all attempts go there. */
    Upstream upstream() {
        return upstream;
    }

    /** Whether a request that surely never left may be tried again; if so, that is paid for. */
    boolean mayTry() {
        if (made >= rule.attempts()) {
            return false;
        }
        if (!proxy.budget(upstream).spend()) {
            proxy.counts().count(ProxyCounts.Event.RETRY_DENIED);
            return false;
        }
        made++;
        proxy.counts().count(ProxyCounts.Event.RETRIED);
        return true;
    }

    /** Whether a request that was not answered may be repeated. */
    boolean mayRepeat(@Nullable Throwable failure) {
        boolean untouched = failure instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM;
        return (untouched || (rule.idempotent() && idempotent)) && mayTry();
    }

    /** Whether a request that was answered so may be repeated. */
    boolean mayRepeat(int status) {
        return idempotent && rule.statuses().contains(status) && mayTry();
    }
}
