package keygate.accept.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files that are found wrong are refused at the second look in a row, and that is said once. */
final class DoubtedFilesTest {
    private static final String EMPTY = "the file is empty";
    private static final String OTHER = "the key fits another certificate";

    private final LiveMaterial files = new LiveMaterial(
            new TlsFiles(List.of(), null, Duration.ofSeconds(10)), new Material(List.of(), List.of(), "digest"));

    @Test
    void aLookAmidAChangeIsNoRefusal() {
        assertThat(files.isRefused(OTHER)).isFalse();
        files.nothingIsWrong();
        assertThat(files.isRefused(OTHER)).isFalse();
        assertThat(files.isRefused(EMPTY)).isFalse();
    }

    @Test
    void whatStaysWrongIsSaidOnceForEachFault() {
        assertThat(files.isRefused(EMPTY)).isFalse();
        assertThat(files.isRefused(EMPTY)).isTrue();
        assertThat(files.isRefused(EMPTY)).isFalse();
        assertThat(files.isRefused(OTHER)).isFalse();
        assertThat(files.isRefused(OTHER)).isTrue();
        files.nothingIsWrong();
        assertThat(files.isRefused(EMPTY)).isFalse();
        assertThat(files.isRefused(EMPTY)).isTrue();
    }
}
