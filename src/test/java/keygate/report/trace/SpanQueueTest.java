package keygate.report.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;

/** Spans wait in a bounded queue: a collector that stalls costs the newest ones, every one of them counted. */
final class SpanQueueTest {
    private static final int MANY = 5_000;

    /** Takes a batch when it is let. */
    private static final class Stalled implements SpanExporter {
        private final CountDownLatch called = new CountDownLatch(1);
        private final CompletableResultCode first = new CompletableResultCode();
        private final List<Integer> batches = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            batches.add(spans.size());
            called.countDown();
            return batches.size() == 1 ? first : CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static void end(Tracer tracer, int spans) {
        for (int i = 0; i < spans; i++) {
            tracer.spanBuilder("one").startSpan().end();
        }
    }

    private final Stalled exporter = new Stalled();
    private final SpanQueue queue = new SpanQueue(exporter, Duration.ofMillis(1), Duration.ofSeconds(20));
    private final Tracer tracer =
            SdkTracerProvider.builder().addSpanProcessor(queue).build().get("test");

    @Test
    void whatDoesNotFitIsDroppedAndCounted() throws Exception {
        end(tracer, 1);
        exporter.called.await();
        end(tracer, MANY);
        long waiting = MANY - queue.dropped();
        assertThat(waiting).isEqualTo(2048);

        exporter.first.succeed();
        queue.close();

        assertThat(queue.sent()).isEqualTo(1 + waiting);
        assertThat(exporter.batches).allMatch(size -> size <= 512);
    }

    @Test
    void whatIsNotTakenIsNotSentAgain() throws Exception {
        end(tracer, 1);
        exporter.called.await();
        exporter.first.fail();
        Rig.until(() -> queue.failed() == 1, () -> "not counted");
        end(tracer, 2);
        queue.close();

        assertThat(queue.sent()).isEqualTo(2);
        assertThat(queue.failed()).isEqualTo(1);
        assertThat(exporter.batches.stream().mapToInt(size -> size).sum()).isEqualTo(3);
    }
}
