package keygate.proxy;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;
import keygate.accept.Reason;
import keygate.accept.Time;
import org.jspecify.annotations.Nullable;

/**
 * How long an exchange may take: a call of gRPC for as long as its caller says, all else for as long as its route says.
 * Lives on one event loop.
 */
final class Deadline {
    /** Both ends of a call look after its deadline themselves; we come after them, for ends that do not. */
    private static final long AFTER_CALLS_MILLIS = 500;

    private final Time time;
    private final boolean isCall;
    private final @Nullable Duration calls;
    private final long since;
    private final Alarms.Alarm alarm;

    /** @param passed told once that it has passed, and what that is */
    Deadline(Proxy proxy, HttpServerRequest request, boolean isCall, Consumer<Reason> passed) {
        this.time = proxy.time();
        this.isCall = isCall;
        this.calls = isCall ? Grpc.deadline(request.getHeader("grpc-timeout")) : null;
        this.since = calls == null ? 0 : time.nanos();
        this.alarm =
                proxy.alarms().alarm(() -> passed.accept(isCall ? Reason.DEADLINE_EXCEEDED : Reason.UPSTREAM_TIMEOUT));
    }

    /** Begins. A call that does not say when it ends has no end. */
    void set(Duration total) {
        if (calls != null) {
            alarm.in(calls.toMillis() + AFTER_CALLS_MILLIS);
        } else if (!isCall) {
            alarm.in(total.toMillis());
        }
    }

    /** It does not count any more. */
    void off() {
        alarm.off();
    }

    /** Whether it is a call's own, and little of it is left: its caller's watch began before ours. */
    boolean isCallsAndNear() {
        return calls != null
                && time.since(since).compareTo(calls.multipliedBy(3).dividedBy(4)) >= 0;
    }

    /** Whether it is a call's own, and has passed: both its ends may have given it up. */
    boolean isCallsAndOver() {
        return calls != null && time.since(since).compareTo(calls) >= 0;
    }
}
