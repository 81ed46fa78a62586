package keygate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import keygate.judge.Code;
import keygate.judge.KeyFacts;
import keygate.judge.Question;
import keygate.judge.RateLimit;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;

/** An Unkey that knows one key and answers at once; its rate limit, if it has one, is never reached. */
final class ReadyUnkey implements VerdictSource {
    private static final String LIMIT = "requests";
    private static final long TOKENS = 1_000_000_000_000L;
    private static final long WINDOW = Duration.ofHours(1).toMillis();
    private static final KeyFacts KEY = new KeyFacts(
            "key_2cGKbMxRyIzhCxo1Idjz8q",
            "petstore",
            null,
            null,
            List.of("pets.read", "pets.write"),
            List.of(),
            new KeyFacts.Identity("id_1234abcd", "customer_12", null));

    private final boolean metered;
    private final long reset = System.currentTimeMillis() + WINDOW;
    private long remaining = TOKENS;

    ReadyUnkey(boolean metered) {
        this.metered = metered;
    }

    @Override
    public synchronized CompletionStage<Verification> verify(Question question) {
        remaining -= question.asks().costOf(LIMIT);
        List<RateLimit> limits = metered
                ? List.of(new RateLimit("rl_1234abcd", LIMIT, TOKENS, WINDOW, false, remaining, reset))
                : List.of();
        return CompletableFuture.completedFuture(new Answer(Code.VALID, KEY, null, limits, "req_2crrTrZ7dXhQ"));
    }
}
