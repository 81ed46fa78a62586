package keygate.unkey;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import keygate.judge.Verification.NoAnswer.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Walks a list page by page, in order, and holds no more than one page. Reading changes nothing, so a page that did not
 * come is asked for again, a few times. Ends as failed where Unkey would send us in a circle, however large: one
 * cursor is remembered, and replaced after 1, 2, 4, 8 and so on pages (Brent).
 */
final class Pages<T> {
    private static final int MAX_REPEATS = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private final Function<@Nullable String, Future<Envelope<List<T>>>> call;
    private final Consumer<List<T>> page;
    private final Function<Duration, Future<Void>> pause;
    private final Promise<Void> done = Promise.promise();
    private @Nullable String remembered;
    private long until = 1;
    private long since;

    Pages(
            Function<@Nullable String, Future<Envelope<List<T>>>> call,
            Consumer<List<T>> page,
            Function<Duration, Future<Void>> pause) {
        this.call = call;
        this.page = page;
        this.pause = pause;
    }

    Future<Void> walk() {
        next(null, 0);
        return done.future();
    }

    private void next(@Nullable String cursor, int repeats) {
        Future<Envelope<List<T>>> unused = call.apply(cursor).onComplete(ended -> {
            if (ended.succeeded()) {
                take(ended.result());
            } else {
                again(cursor, repeats, ended.cause());
            }
        });
    }

    private void take(Envelope<List<T>> envelope) {
        try {
            List<T> data = envelope.data();
            page.accept(data == null ? List.of() : data);
        } catch (RuntimeException broken) {
            done.fail(broken);
            return;
        }
        Envelope.Pagination pagination = envelope.pagination();
        if (pagination == null || !pagination.hasMore()) {
            done.complete();
            return;
        }
        String cursor = pagination.cursor();
        if (cursor == null || cursor.isEmpty()) {
            done.fail(CallFailed.unavailable("the list says it goes on, but not where"));
        } else if (cursor.equals(remembered)) {
            done.fail(CallFailed.unavailable("the list leads in a circle"));
        } else {
            remember(cursor);
            next(cursor, 0);
        }
    }

    private void remember(String cursor) {
        if (++since == until) {
            remembered = cursor;
            until *= 2;
            since = 0;
        }
    }

    private void again(@Nullable String cursor, int repeats, Throwable failure) {
        boolean mayPass = failure instanceof CallFailed failed
                && (failed.why() == Cause.UNAVAILABLE || failed.why() == Cause.THROTTLED || failed.why() == Cause.BUSY);
        if (!mayPass || repeats >= MAX_REPEATS) {
            done.fail(failure);
            return;
        }
        Duration asked = ((CallFailed) failure).retryAfter();
        Future<Void> unused = pause.apply(asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE)
                .onComplete(passed -> next(cursor, repeats + 1));
    }
}
