package keygate.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import keygate.accept.Reason;
import org.junit.jupiter.api.Test;

/** The ring keeps the last lines whoever writes at the same time, each once, the newest first. */
final class RecentTest {
    private static void add(Recent recent, String id) {
        recent.add(id, null, Reason.SERVED, id.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> ids(Recent recent, long before, int most) {
        return recent.newest(before, most, line -> true).stream()
                .map(Recent.Line::requestId)
                .toList();
    }

    @Test
    void theOldestAreForgotten() {
        Recent recent = new Recent(3);
        List.of("a", "b", "c", "d", "e").forEach(id -> add(recent, id));

        assertThat(ids(recent, Long.MAX_VALUE, 9)).containsExactly("e", "d", "c");
        assertThat(ids(recent, 4, 1)).containsExactly("d");
        assertThat(ids(recent, 2, 9)).isEmpty();
        assertThat(recent.ofId("a", null)).isEmpty();
        assertThat(recent.ofId("d", null)).hasSize(1);
    }

    @Test
    void aRingOfNoneKeepsNone() {
        Recent recent = new Recent(0);
        add(recent, "a");

        assertThat(ids(recent, Long.MAX_VALUE, 9)).isEmpty();
    }

    @Test
    void writersAtTheSameTimeLoseNothing() throws Exception {
        Recent recent = new Recent(1000);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            String name = "w" + w + "-";
            Thread writer = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < 5_000; i++) {
                    add(recent, name + i);
                }
            });
            writer.start();
            writers.add(writer);
        }
        go.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        List<Recent.Line> kept = recent.newest(Long.MAX_VALUE, 2000, line -> true);

        assertThat(kept).hasSize(1000);
        for (int i = 0; i < kept.size(); i++) {
            assertThat(kept.get(i).number()).isEqualTo(20_000 - 1 - i);
        }
    }
}
