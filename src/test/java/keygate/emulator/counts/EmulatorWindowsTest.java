package keygate.emulator.counts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows count exactly over any history, forget what no window reaches, and judge which arguments are sound. */
final class EmulatorWindowsTest {
    private static final long START = 1_800_000_000_000L;

    private final Windows windows = new Windows();

    private static Take take(String name, long limit, long duration, long cost) {
        return new Take(new Counter("ws", name, "key_1", duration), limit, cost);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void batchesAgreeWithAPlainModelOverRandomHistories(long seed) {
        Random random = new Random(seed);
        Map<String, Long> model = new HashMap<>();
        // Never a multiple of 2 or 5: then no weight is a whole number, and doubles cannot fall on the wrong side.
        long now = START + 7;
        for (int i = 0; i < 500; i++) {
            now += 10L * random.nextInt(300);
            List<Take> wishes = new ArrayList<>();
            for (int j = 0; j <= random.nextInt(3); j++) {
                wishes.add(take("limit" + j, 5 + 5L * j, 4000L << j, random.nextInt(4)));
            }
            check(windows.take(wishes, now), wishes, model, now);
        }
    }

    private static void check(List<Taken> taken, List<Take> wishes, Map<String, Long> model, long now) {
        List<Long> left = new ArrayList<>();
        for (Take wish : wishes) {
            left.add(wish.limit() - used(model, wish, now));
        }
        boolean denied = false;
        for (int i = 0; i < wishes.size(); i++) {
            denied |= wishes.get(i).cost() > left.get(i);
        }
        for (int i = 0; i < wishes.size(); i++) {
            Take wish = wishes.get(i);
            boolean exceeded = wish.cost() > left.get(i);
            assertThat(taken.get(i).exceeded()).isEqualTo(exceeded);
            long remaining = exceeded ? 0 : left.get(i) - (denied ? 0 : wish.cost());
            assertThat(taken.get(i).remaining()).isEqualTo(Math.max(0, remaining));
            assertThat(taken.get(i).reset())
                    .isGreaterThan(now)
                    .isLessThanOrEqualTo(now + wish.counter().duration());
            if (!denied) {
                model.merge(cell(wish, now / wish.counter().duration()), wish.cost(), Long::sum);
            }
        }
    }

    // Whole numbers only, so that the model shares no rounding with the subject.
    private static long used(Map<String, Long> model, Take wish, long now) {
        long duration = wish.counter().duration();
        long cell = now / duration;
        long before = model.getOrDefault(cell(wish, cell - 1), 0L);
        return model.getOrDefault(cell(wish, cell), 0L) + before * (duration - now % duration) / duration;
    }

    private static String cell(Take wish, long number) {
        return wish.counter().name() + "/" + number;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000, 0, true",
        "0, 1000, 1, false",
        "1, 999, 1, false",
        "1, 1000, -1, false",
        "-5, 1000, 1, false",
        "9223372036854775807, 9223372036854, 1, true",
        "1, 9223372036855, 1, false",
    })
    void argumentsAreSoundOrNot(long limit, long duration, long cost, boolean sound) {
        assertThat(take("limit", limit, duration, cost).sound()).isEqualTo(sound);
    }

    @Test
    void cellsThatNoWindowReachesAreForgotten() {
        for (int i = 0; i < 50_000; i++) {
            windows.take(List.of(take("limit" + i, 5, 1000, 1)), START + i);
        }
        assertThat(windows.size()).isLessThan(20_001);
        assertThat(windows.taken("limit0", "key_1")).isEqualTo(1);
        assertThat(windows.take(List.of(take("limit49999", 5, 1000, 0)), START + 49_999)
                        .get(0)
                        .remaining())
                .isEqualTo(4);
    }

    @Test
    void aClockThatGoesBackFindsItsOldCells() {
        windows.take(List.of(take("limit", 5, 1000, 3)), START);
        windows.take(List.of(take("limit", 5, 1000, 1)), START + 5000);
        assertThat(windows.take(List.of(take("limit", 5, 1000, 0)), START + 10)
                        .get(0)
                        .remaining())
                .isEqualTo(2);
    }

    @Test
    void ownersAndWorkspacesCountApart() {
        windows.take(List.of(take("limit", 5, 1000, 5)), START);
        Take other = new Take(new Counter("ws", "limit", "key_2", 1000), 5, 5);
        Take elsewhere = new Take(new Counter("ws_2", "limit", "key_1", 1000), 5, 5);
        assertThat(windows.take(List.of(other, elsewhere), START)).noneMatch(Taken::exceeded);
        windows.clear();
        assertThat(windows.take(List.of(take("limit", 5, 1000, 5)), START)
                        .get(0)
                        .exceeded())
                .isFalse();
    }
}
