package keygate.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes one JSON line after another by the same generator and into the same memory: a generator of its own for each
 * line costs as much as a third of the line. One for each thread.
 */
final class Pen {
    private static final JsonFactory JSON =
            new JsonFactoryBuilder().rootValueSeparator((String) null).build();

    private static final ThreadLocal<Pen> PENS = ThreadLocal.withInitial(Pen::new);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    private final JsonGenerator json;

    private Pen() {
        try {
            json = JSON.createGenerator(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a line says. It must not write another line meanwhile. */
    @FunctionalInterface
    interface Text {
        void write(JsonGenerator json) throws IOException;
    }

    /** The line, in UTF-8, with its line break. */
    static byte[] line(Text text) {
        Pen pen = PENS.get();
        boolean whole = false;
        try {
            text.write(pen.json);
            pen.json.writeRaw('\n');
            pen.json.flush();
            byte[] line = pen.out.toByteArray();
            pen.out.reset();
            whole = true;
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!whole) {
                // The rest of a line that failed must not begin the next one.
                PENS.remove();
            }
        }
    }
}
