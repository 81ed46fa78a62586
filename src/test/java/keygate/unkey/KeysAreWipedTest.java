package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.BufferRecycler;
import org.junit.jupiter.api.Test;

/** The memory that a key was written by holds nothing of it once it is written, though it is used again. */
final class KeysAreWipedTest {
    private final BufferRecycler kept = new WipedBuffers().acquirePooled();

    private byte[] octets() {
        byte[] buffer = kept.allocByteBuffer(BufferRecycler.BYTE_WRITE_ENCODING_BUFFER);
        assertThat(buffer).containsOnly(0);
        return buffer;
    }

    private char[] letters() {
        char[] buffer = kept.allocCharBuffer(BufferRecycler.CHAR_CONCAT_BUFFER);
        assertThat(buffer).containsOnly('\0');
        return buffer;
    }

    @Test
    void whatWasWrittenIsGone() {
        byte[] octets = octets();
        char[] letters = letters();
        kept.releaseByteBuffer(BufferRecycler.BYTE_WRITE_ENCODING_BUFFER, octets);
        kept.releaseCharBuffer(BufferRecycler.CHAR_CONCAT_BUFFER, letters);

        String key = "sk_canary_of_a_key";
        assertThat(Json.write(json -> json.writeString(key)).toString()).isEqualTo("\"" + key + "\"");

        assertThat(octets()).isSameAs(octets);
        assertThat(letters()).isSameAs(letters);
    }
}
