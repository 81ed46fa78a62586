package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.KeyFacts;
import keygate.judge.Question;
import keygate.judge.Question.Purpose;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.judge.Verification.Answer;
import keygate.judge.Verification.NoAnswer;
import keygate.judge.Verification.NoAnswer.Cause;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That nobody knows a key is believed only while a key is found that is known to exist. */
final class CanaryTest {
    private static final Question ASKED = Stub.question("garbage", Asks.NOTHING);

    private final TestTime clock = new TestTime();
    private final List<Question> looks = new CopyOnWriteArrayList<>();
    private volatile CompletionStage<Verification> customer = said(Code.NOT_FOUND);
    private volatile CompletionStage<Verification> canary = said(Code.VALID);
    private final VerdictSource guarded = new Canary(new Secret("sentinel_1"), clock.time()).guard(this::answered);

    private CompletionStage<Verification> answered(Question question) {
        if (question.purpose() != Purpose.CANARY) {
            return customer;
        }
        looks.add(question);
        return canary;
    }

    @Test
    void anUnknownKeyIsUnknownWhileTheCanaryIsFound() {
        assertThat(verify()).isEqualTo(answer(Code.NOT_FOUND));
        assertThat(looks).hasSize(1);
    }

    @Test
    void whereTheCanaryIsNotFoundItIsOurRootKeyThatIsWrong() {
        canary = said(Code.NOT_FOUND);
        NoAnswer none = (NoAnswer) verify();
        assertThat(none.cause()).isEqualTo(Cause.MISCONFIGURED);
        assertThat(none.note()).contains("canary").contains("root key").doesNotContain("sentinel_1");
        assertThat(none.maybeCharged()).isFalse();
    }

    @Test
    void theLookCostsNothingAndNamesNobodyElse() {
        verify();
        Question look = looks.get(0);
        assertThat(new String(look.credential().secret(), StandardCharsets.US_ASCII))
                .isEqualTo("sentinel_1");
        assertThat(look.asks().credits()).isZero();
        assertThat(look.asks().free()).isTrue();
        assertThat(look.asks().permissions()).isNull();
        assertThat(look.tags()).isEmpty();
        assertThat(look.clientIp()).isNull();
    }

    @ParameterizedTest
    @EnumSource(value = Code.class, names = "NOT_FOUND", mode = EnumSource.Mode.EXCLUDE)
    void everyOtherAnswerIsBelievedWithoutALook(Code code) {
        customer = said(code);
        canary = said(Code.NOT_FOUND);
        assertThat(verify()).isEqualTo(answer(code));
        assertThat(looks).isEmpty();
    }

    @Test
    void noAnswerStaysNoAnswerWithoutALook() {
        NoAnswer none = new NoAnswer(Cause.THROTTLED, null, "", Duration.ZERO);
        customer = CompletableFuture.completedFuture(none);
        assertThat(verify()).isSameAs(none);
        assertThat(looks).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Code.class, names = "NOT_FOUND", mode = EnumSource.Mode.EXCLUDE)
    void aCanaryThatIsSpentOrDisabledIsFoundAllTheSame(Code code) {
        canary = said(code);
        assertThat(verify()).isEqualTo(answer(Code.NOT_FOUND));
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void aLookWithoutAnAnswerProvesNothing(Cause cause) {
        canary = CompletableFuture.completedFuture(new NoAnswer(cause, null, "", Duration.ZERO));
        assertThat(verify()).isEqualTo(answer(Code.NOT_FOUND));
    }

    @Test
    void aLookThatFailsProvesNothing() {
        canary = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        assertThat(verify()).isEqualTo(answer(Code.NOT_FOUND));
    }

    @Test
    void oneLookIsEnoughForAllWhoDoubtAtTheSameTime() {
        CompletableFuture<Verification> look = new CompletableFuture<>();
        canary = look;
        List<CompletableFuture<Verification>> doubts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            doubts.add(guarded.verify(ASKED).toCompletableFuture());
        }
        assertThat(looks).hasSize(1);
        assertThat(doubts).noneMatch(CompletableFuture::isDone);
        look.complete(answer(Code.NOT_FOUND));
        assertThat(doubts).allMatch(doubt -> doubt.join() instanceof NoAnswer);
        assertThat(looks).hasSize(1);
    }

    @Test
    @Timeout(60)
    void andForAllThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CyclicBarrier start = new CyclicBarrier(4);
        for (int round = 1; round <= 2_000; round++) {
            List<Future<Verification>> doubts = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                doubts.add(threads.submit(() -> {
                    start.await();
                    return guarded.verify(ASKED).toCompletableFuture().get(20, TimeUnit.SECONDS);
                }));
            }
            for (Future<Verification> doubt : doubts) {
                assertThat(doubt.get(20, TimeUnit.SECONDS)).isEqualTo(answer(Code.NOT_FOUND));
            }
            assertThat(looks).hasSize(round);
            clock.advance(Duration.ofSeconds(5));
        }
        threads.shutdownNow();
    }

    @Test
    void whatWasSeenHoldsForFiveSeconds() {
        verify();
        clock.advance(Duration.ofMillis(4_999));
        canary = said(Code.NOT_FOUND);
        assertThat(verify()).isEqualTo(answer(Code.NOT_FOUND));
        assertThat(looks).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(verify()).isInstanceOf(NoAnswer.class);
        assertThat(looks).hasSize(2);
    }

    @Test
    void aRootKeyThatIsMendedIsNoticed() {
        canary = said(Code.NOT_FOUND);
        verify();
        canary = said(Code.VALID);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(verify()).isInstanceOf(NoAnswer.class);
        clock.advance(Duration.ofMillis(1));
        assertThat(verify()).isEqualTo(answer(Code.NOT_FOUND));
    }

    @Test
    void withoutACanaryNothingIsChanged() {
        VerdictSource source = this::answered;
        assertThat(new Canary(null, clock.time()).guard(source)).isSameAs(source);
    }

    private Verification verify() {
        CompletableFuture<Verification> ended = guarded.verify(ASKED).toCompletableFuture();
        assertThat(ended).isDone();
        return ended.join();
    }

    private static CompletionStage<Verification> said(Code code) {
        return CompletableFuture.completedFuture(answer(code));
    }

    private static Answer answer(Code code) {
        return new Answer(code, KeyFacts.NONE, null, List.of(), "req_1");
    }
}
