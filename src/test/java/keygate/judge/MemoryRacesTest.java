package keygate.judge;

import static keygate.judge.JudgeFixture.LONG_SETTINGS;
import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.permissions;
import static keygate.judge.JudgeFixture.question;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import keygate.judge.Verification.Answer;
import keygate.rig.TestTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However purges and answers meet, nothing out of date is remembered. */
@Timeout(120)
class MemoryRacesTest {
    private static final int ROUNDS = 30_000;
    private static final Question.Id ONE = question("k").id();
    private static final Question.Id OTHER = question("k", permissions("a")).id();

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final TestTime clock = new TestTime();
    private final Memory memory = new Memory(LONG_SETTINGS, clock.time());

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void anAnswerFromBeforeAPurgeNeverSurvivesIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int asked = memory.epoch();
            Answer answer = round % 2 == 0 ? valid() : answer(Code.DISABLED);
            together(() -> memory.store(ONE, answer, asked), () -> memory.purgeKey("key_1"));
            assertThat(memory.recall(ONE)).as("round " + round).isNull();
            assertThat(memory.size()).as("round " + round).isZero();
        }
    }

    @Test
    void anAnswerFromBeforeAPurgeNeverReplacesOneFromAfterIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int before = memory.epoch();
            together(() -> memory.store(ONE, answer(Code.DISABLED), before), () -> {
                memory.purgeAll();
                memory.store(ONE, valid(), memory.epoch());
            });
            Remembered kept = memory.recall(ONE);
            assertThat(kept == null || !kept.isDenial()).as("round " + round).isTrue();
        }
    }

    @Test
    void ofTwoAnswersThatDifferOnTheKeyOnlyTheLaterHolds() throws Exception {
        Answer first = valid(facts("a"));
        Answer second = valid(facts("b"));
        for (int round = 0; round < ROUNDS; round++) {
            memory.purgeAll();
            int epoch = memory.epoch();
            together(() -> memory.store(ONE, first, epoch), () -> memory.store(OTHER, second, epoch));
            boolean both = memory.recall(ONE) != null && memory.recall(OTHER) != null;
            assertThat(both).as("both hold in round " + round).isFalse();
        }
    }

    private static KeyFacts facts(String permission) {
        return new KeyFacts("key_1", null, null, null, List.of(permission), List.of(), null);
    }

    private void together(Runnable one, Runnable other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        Future<?> first = threads.submit(() -> atOnce(start, one));
        Future<?> second = threads.submit(() -> atOnce(start, other));
        first.get(20, TimeUnit.SECONDS);
        second.get(20, TimeUnit.SECONDS);
    }

    private static boolean atOnce(CyclicBarrier start, Runnable what) throws Exception {
        start.await(20, TimeUnit.SECONDS);
        what.run();
        return true;
    }
}
