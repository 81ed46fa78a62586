package keygate.rig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which a buffer was lost, or a loss would not be noticed, whatever the class is about. Found by the test engine itself, so that no
 * class can forget it; that every buffer is tracked is set for the whole JVM.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Leaks.watch();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // Whatever the class has loaded may have turned it off.
        assertThat(Leaks.isWatching()).as("whether buffers are tracked").isTrue();
        assertThat(Leaks.buffers()).as("buffers that were never released").isEmpty();
    }
}
