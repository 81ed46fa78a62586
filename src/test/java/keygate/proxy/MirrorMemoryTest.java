package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import keygate.accept.Time;
import keygate.rig.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A copy that was given up holds nothing of the body, however much of it is still to come. */
final class MirrorMemoryTest {
    private static final int MORE_THAN_MAY_WAIT = 300_000;

    private final Vertx vertx = Vertx.vertx();
    private final ProxyCounts counts = new ProxyCounts();
    private final Alarms alarms = new Alarms(vertx);
    private final Mirror mirror =
            new Mirror(alarms, new Cancels(alarms, Time.system()), counts, Duration.ofMinutes(1), () -> false);

    @AfterEach
    void closes() {
        Rig.await(vertx.close());
    }

    private WeakReference<Buffer> given(int length) {
        Buffer piece = Buffer.buffer(new byte[length]);
        mirror.piece(piece);
        return new WeakReference<>(piece);
    }

    private static void untilGone(WeakReference<Buffer> piece) throws Exception {
        Rig.until(
                () -> {
                    System.gc();
                    return piece.get() == null;
                },
                () -> "the piece is still held");
    }

    @Test
    void nothingIsHeldOfACopyThatWasGivenUp() throws Exception {
        WeakReference<Buffer> waiting = given(1);
        WeakReference<Buffer> tooMuch = given(MORE_THAN_MAY_WAIT);
        assertThat(counts.of(ProxyCounts.Event.MIRROR_DROPPED)).isOne();
        untilGone(waiting);
        untilGone(tooMuch);

        untilGone(given(1));
        untilGone(given(MORE_THAN_MAY_WAIT));
        mirror.bodyEnded();
        assertThat(counts.of(ProxyCounts.Event.MIRROR_DROPPED)).isOne();
    }
}
