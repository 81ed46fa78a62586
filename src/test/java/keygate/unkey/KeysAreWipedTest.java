package keygate.unkey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.BufferRecycler;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** The memory that keys are written and answers read by holds nothing of them afterwards, though it is used again. */
final class KeysAreWipedTest {
    private static final String KEY = "sk_canary_of_a_key";

    private final BufferRecycler kept = new WipedBuffers().acquirePooled();

    private byte[] octets() {
        byte[] buffer = kept.allocByteBuffer(BufferRecycler.BYTE_WRITE_ENCODING_BUFFER);
        assertThat(buffer).containsOnly(0);
        return buffer;
    }

    private char[] letters() {
        char[] buffer = kept.allocCharBuffer(BufferRecycler.CHAR_TEXT_BUFFER);
        assertThat(buffer).containsOnly('\0');
        return buffer;
    }

    @Test
    void whatWasWrittenIsGone() {
        byte[] octets = octets();
        kept.releaseByteBuffer(BufferRecycler.BYTE_WRITE_ENCODING_BUFFER, octets);

        assertThat(Json.write(json -> json.writeString(KEY)).toString()).isEqualTo("\"" + KEY + "\"");

        assertThat(octets()).isSameAs(octets);
    }

    @Test
    void whatWasReadIsGone() {
        char[] letters = letters();
        kept.releaseCharBuffer(BufferRecycler.CHAR_TEXT_BUFFER, letters);

        Envelope<?> error =
                requireNonNull(Json.readError(Buffer.buffer("{\"meta\": {\"requestId\": \"" + KEY + "\\u0041\"}}")));

        assertThat(error.requestId()).isEqualTo(KEY + "A");
        assertThat(letters()).isSameAs(letters);
    }
}
