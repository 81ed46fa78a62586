package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The command line is there. */
final class MainTest {
    @Test
    void isThere() {
        assertThat(Main.class).isFinal();
    }
}
