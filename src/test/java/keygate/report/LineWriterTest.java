package keygate.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;

/** A pipe that does not move or is broken costs lines, which are counted, and never time. */
final class LineWriterTest {
    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void linesAreWrittenInOrderAndAllBeforeItIsClosed() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LineWriter writer = new LineWriter(out, 10_000)) {
            for (int i = 0; i < 5_000; i++) {
                writer.offer(line("line " + i));
            }
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(5_000).startsWith("line 0", "line 1");
    }

    /** Fails until it is mended. */
    private static final class Mended extends OutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private volatile boolean broken = true;

        @Override
        public void write(int octet) throws IOException {
            if (broken) {
                throw new IOException("broken");
            }
            written.write(octet);
        }
    }

    @Test
    void linesThatCouldNotBeWrittenAreCountedAndDoNotComeLater() throws Exception {
        Mended out = new Mended();
        try (LineWriter writer = new LineWriter(out, 100)) {
            for (int i = 0; i < 3; i++) {
                writer.offer(line("lost"));
            }
            Rig.until(() -> writer.dropped() == 3, () -> writer.dropped() + " lines are counted as dropped");

            out.broken = false;
            writer.offer(line("kept"));
        }
        assertThat(out.written.toString(StandardCharsets.UTF_8)).isEqualTo("kept\n");
    }

    @Test
    void whatDoesNotFitIsDroppedAndCounted() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                writing.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        LineWriter writer = new LineWriter(stuck, 10);
        writer.offer(line("taken"));
        assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 15; i++) {
            writer.offer(line("more"));
        }
        assertThat(writer.dropped()).isEqualTo(5);
        open.countDown();
        writer.close();
    }
}
