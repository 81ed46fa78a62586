package keygate.proxy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import keygate.accept.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a request on its way to a second upstream. Nobody waits for it: what it answers is thrown away, and a copy
 * that cannot keep up is given up. Lives on one event loop.
 */
final class Mirror {
    private static final int MAX_WAITING = 256 * 1024;

    private final Cancels cancels;
    private final ProxyCounts counts;
    private final BooleanSupplier pastDeadline;
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean bodyEnded;
    private boolean sent;
    private boolean over;
    private boolean ended;
    private final Alarms.Alarm deadline;
    private @Nullable HttpClientRequest copy;
    private @Nullable Attempt attempt;

    /**
     * A copy that waits for a connection.
     *
     * @param atMost how long it may take
     * @param pastDeadline whether it is of a call whose deadline has passed, so that whoever has it may give it up
     */
    Mirror(Alarms alarms, Cancels cancels, ProxyCounts counts, Duration atMost, BooleanSupplier pastDeadline) {
        this.cancels = cancels;
        this.pastDeadline = pastDeadline;
        this.counts = counts;
        this.deadline = alarms.alarm(this::late);
        deadline.in(atMost.toMillis());
    }

    /** There is nobody to send it to. */
    void failed() {
        end(ProxyCounts.Event.MIRROR_FAILED);
    }

    /** Sends the head as soon as there is a connection. */
    void begin(Attempt begun, Supplier<Future<HttpClientRequest>> connecting, Consumer<HttpClientRequest> head) {
        attempt = begun;
        if (over) {
            begun.ended();
            return;
        }
        connecting.get().onComplete(ready -> {
            if (ready.failed()) {
                begun.unreached(UpstreamFailures.connecting(ready.cause()).reason());
                end(ProxyCounts.Event.MIRROR_FAILED);
            } else {
                connected(ready.result(), head);
            }
        });
    }

    private void connected(HttpClientRequest ready, Consumer<HttpClientRequest> head) {
        copy = ready;
        ready.exceptionHandler(ignored -> {});
        head.accept(ready);
        if (over) {
            cancels.unused(ready);
            return;
        }
        ready.response().onComplete(answer -> {
            if (answer.failed()) {
                refused(pastDeadline.getAsBoolean() ? Reason.DEADLINE_EXCEEDED : Reason.UPSTREAM_BROKEN);
                end(ProxyCounts.Event.MIRROR_FAILED);
            } else {
                discard(answer.result());
            }
        });
        ready.drainHandler(drained -> flush());
        flush();
    }

    private void discard(HttpClientResponse answer) {
        if (attempt != null) {
            attempt.answered(answer.statusCode());
        }
        Rest.discard(answer);
        answer.end().onComplete(done -> {
            end(done.succeeded() ? ProxyCounts.Event.MIRRORED : ProxyCounts.Event.MIRROR_FAILED);
            if (!sent) {
                // The rest of it will never come, so its connection would never be free again.
                cancels.cancel(answer.request());
            }
        });
    }

    /** A piece of the body. */
    void piece(Buffer piece) {
        if (over) {
            return;
        }
        waiting.add(piece);
        waitingBytes += piece.length();
        if (waitingBytes > MAX_WAITING) {
            giveUp(ProxyCounts.Event.MIRROR_DROPPED);
        } else {
            flush();
        }
    }

    /** There is no more of the body. */
    void bodyEnded() {
        bodyEnded = true;
        flush();
    }

    private void flush() {
        HttpClientRequest ready = copy;
        if (ready == null || over) {
            return;
        }
        while (!waiting.isEmpty() && !ready.writeQueueFull()) {
            Buffer piece = waiting.remove();
            waitingBytes -= piece.length();
            ready.write(piece);
        }
        if (bodyEnded && waiting.isEmpty()) {
            over = true;
            sent = true;
            ready.end();
        }
    }

    /** The original has broken off: half a request is worth nothing. */
    void cancel() {
        if (!bodyEnded) {
            giveUp(ProxyCounts.Event.MIRROR_DROPPED);
        }
    }

    private void late() {
        if (bodyEnded) {
            // The caller has done its part, so it is the upstream that took too long.
            refused(Reason.UPSTREAM_TIMEOUT);
        }
        giveUp(ProxyCounts.Event.MIRROR_FAILED);
    }

    private void refused(Reason reason) {
        if (attempt != null) {
            attempt.refused(reason);
        }
    }

    private void giveUp(ProxyCounts.Event why) {
        HttpClientRequest ready = copy;
        end(why);
        if (ready != null) {
            cancels.cancel(ready);
        }
    }

    private void end(ProxyCounts.Event how) {
        if (!ended) {
            ended = true;
            deadline.off();
            over = true;
            waiting.clear();
            counts.count(how);
        }
        if (attempt != null) {
            attempt.ended();
        }
    }
}
