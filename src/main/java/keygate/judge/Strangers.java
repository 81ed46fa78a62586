package keygate.judge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import keygate.accept.Time;
import keygate.judge.JudgeSettings.StrangerSettings;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps keys that nobody has seen before from taking all calls: so many at once, the others in line, and from one
 * address only so many that turn out to be nobody's. Known keys do not come by here. Safe for every thread.
 */
public final class Strangers {
    private static final int MAX_CLIENTS = 100_000;

    private final StrangerSettings settings;
    private final Time time;
    private final Cache<String, Budget> budgets;
    private final Queue<Waiting> line = new ArrayDeque<>();
    private int underWay;

    /** A call that waits for its turn. */
    private record Waiting(
            Budget budget,
            Supplier<CompletionStage<Verification>> call,
            CompletableFuture<Verification> ended,
            long since) {}

    public Strangers(StrangerSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
        this.budgets = Caffeine.newBuilder()
                .maximumSize(MAX_CLIENTS)
                .expireAfterAccess(settings.window())
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** Others that hold a caller back as these would now; whoever would have to wait for its turn has it at once. */
    public Strangers copyFor(String client) {
        boolean full;
        synchronized (this) {
            full = underWay >= settings.maxCalls() && line.size() >= settings.maxWaiting();
        }
        Strangers copy = new Strangers(full ? settings.closed() : settings, time);
        Budget known = budgets.policy().getIfPresentQuietly(client);
        if (known != null) {
            copy.budgets.get(client, first -> copy.new Budget()).like(known);
        }
        return copy;
    }

    /**
     * Makes the call when it is its turn; never fails.
     *
     * @param client the network that the key came from
     */
    CompletableFuture<Verification> ask(String client, Supplier<CompletionStage<Verification>> call) {
        Budget budget = budgets.get(client, first -> new Budget());
        Waiting mine = new Waiting(budget, call, new CompletableFuture<>(), time.nanos());
        boolean now;
        synchronized (this) {
            now = underWay < settings.maxCalls();
            if (now) {
                underWay++;
            } else if (line.size() < settings.maxWaiting()) {
                line.add(mine);
                return mine.ended();
            }
        }
        if (now) {
            run(mine);
        } else {
            end(mine, none(NoAnswer.Cause.BUSY, "too many unknown keys at once", Duration.ofSeconds(1)), null);
        }
        return mine.ended();
    }

    /** Takes one place: makes the first call, and others in turn as long as they end at once. */
    private void run(@Nullable Waiting first) {
        for (Waiting current = first; current != null; current = next()) {
            Waiting mine = current;
            Duration wait = mine.budget().untilOneIsAllowed();
            if (!wait.isZero()) {
                end(mine, none(NoAnswer.Cause.STRANGER, "too many unknown keys from one address", wait), null);
                continue;
            }
            CompletableFuture<Verification> call = started(mine);
            if (!call.isDone()) {
                CompletionStage<Verification> unused = call.whenComplete((verification, failure) -> {
                    end(mine, verification, failure);
                    run(next());
                });
                return;
            }
            CompletionStage<Verification> unused =
                    call.whenComplete((verification, failure) -> end(mine, verification, failure));
        }
    }

    /** What is thrown here would take a place, and leave a caller, for ever. */
    private static CompletableFuture<Verification> started(Waiting waiting) {
        try {
            return waiting.call().get().toCompletableFuture();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void end(Waiting call, @Nullable Verification verification, @Nullable Throwable failure) {
        call.budget().told(verification);
        if (failure == null) {
            call.ended().complete(verification);
        } else {
            call.ended().completeExceptionally(failure);
        }
    }

    /** The next in line whose caller has not waited too long, for the place of a call that has ended. */
    private @Nullable Waiting next() {
        while (true) {
            Waiting first;
            synchronized (this) {
                first = line.poll();
                if (first == null) {
                    underWay--;
                    return null;
                }
            }
            if (time.since(first.since()).compareTo(settings.maxWait()) < 0) {
                return first;
            }
            end(first, none(NoAnswer.Cause.BUSY, "waited too long behind unknown keys", Duration.ofSeconds(1)), null);
        }
    }

    private static NoAnswer none(NoAnswer.Cause cause, String note, Duration retryAfter) {
        return new NoAnswer(cause, null, note, retryAfter);
    }

    /** How many more unknown keys may come from one address; grows back evenly over the window. */
    private final class Budget {
        private double left = settings.perClient();
        private long since = time.nanos();

        void like(Budget other) {
            synchronized (other) {
                left = other.left;
                since = other.since;
            }
        }

        synchronized Duration untilOneIsAllowed() {
            long now = time.nanos();
            double perNano = (double) settings.perClient() / settings.window().toNanos();
            left = Math.min(settings.perClient(), left + (now - since) * perNano);
            since = now;
            return left >= 1 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil((1 - left) / perNano));
        }

        synchronized void told(@Nullable Verification verification) {
            if (verification instanceof Answer answer && answer.code() == Code.NOT_FOUND) {
                left--;
            }
        }
    }
}
