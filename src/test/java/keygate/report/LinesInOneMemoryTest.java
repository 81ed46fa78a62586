package keygate.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** Lines that are written into the same memory one after another know nothing of each other, whatever became of one. */
final class LinesInOneMemoryTest {
    private static final int MORE_THAN_A_BUFFER = 100_000;

    private static String line(String text) {
        return new String(Pen.line(json -> write(json, text)), UTF_8);
    }

    private static void write(JsonGenerator json, String text) throws IOException {
        json.writeStartObject();
        LineField.KEY_ID.begin(json);
        json.writeString(text);
        json.writeEndObject();
    }

    @Test
    void eachLineIsWholeAndAlone() {
        assertThat(line("one")).isEqualTo("{\"keyId\":\"one\"}\n");
        assertThat(line("x".repeat(MORE_THAN_A_BUFFER)))
                .isEqualTo("{\"keyId\":\"" + "x".repeat(MORE_THAN_A_BUFFER) + "\"}\n");
        assertThat(line("ü\n\"")).isEqualTo("{\"keyId\":\"ü\\n\\\"\"}\n");
        assertThat(line("")).isEqualTo("{\"keyId\":\"\"}\n");
    }

    @Test
    void aLineThatFailsIsNotBegunAgainByTheNext() {
        assertThatThrownBy(() -> Pen.line(json -> {
                    write(json, "x".repeat(MORE_THAN_A_BUFFER));
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(line("after")).isEqualTo("{\"keyId\":\"after\"}\n");

        assertThatThrownBy(() -> Pen.line(json -> {
                    json.writeStartObject();
                    throw new IOException("nowhere to write to");
                }))
                .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> Pen.line(json -> {
                    json.writeStartObject();
                    LineField.KEY_ID.begin(json);
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(line("again")).isEqualTo("{\"keyId\":\"again\"}\n");
    }
}
