package keygate.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.accept.Time;
import org.jspecify.annotations.Nullable;

/**
 * A stream's time until its key is judged again; each time it is charged for what it took since. One check is under way
 * at most. Lives on one event loop.
 */
final class Lease {
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Time time;
    private final ProxyRule.Streams rule;
    private final Permit permit;
    private final LongSupplier messages;
    private final Consumer<Refusal> revoked;
    private long timer = NONE;
    private boolean over;
    private long charged;
    private long begun;

    /**
     * @param messages how many have passed so far
     * @param revoked is told once, if the stream must end; maybe after it has ended
     */
    Lease(
            Vertx vertx,
            Time time,
            ProxyRule.Streams rule,
            Permit permit,
            LongSupplier messages,
            Consumer<Refusal> revoked) {
        this.vertx = vertx;
        this.time = time;
        this.rule = rule;
        this.permit = permit;
        this.messages = messages;
        this.revoked = revoked;
    }

    /** Begins, if the route asks for it. */
    void begin() {
        begun = time.nanos();
        again();
    }

    private void again() {
        Duration pause = rule.reverify();
        if (pause != null && !over) {
            timer = vertx.setTimer(pause.toMillis(), fired -> due());
        }
    }

    private void due() {
        timer = NONE;
        permit.renew(units()).onComplete(renewed -> {
            if (renewed.failed()) {
                revoked.accept(refusal(renewed.cause()));
            } else {
                again();
            }
        });
    }

    /** What has come since the last time. */
    private long units() {
        long now =
                switch (rule.charge()) {
                    case NONE -> 0;
                    case MINUTE -> time.since(begun).toMinutes();
                    case MESSAGE -> messages.getAsLong();
                };
        long since = now - charged;
        charged = now;
        return since;
    }

    private static Refusal refusal(@Nullable Throwable failure) {
        return failure instanceof Refusal refusal
                ? refusal
                : Reason.INTERNAL_ERROR.refuse("the gateway could not judge the key again");
    }

    /** The stream is over. */
    void end() {
        over = true;
        if (timer != NONE) {
            vertx.cancelTimer(timer);
            timer = NONE;
        }
    }
}
