package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;

/** Whatever a file holds, it is read or refused with a place for every fault, in bounded time and memory. */
final class ConfigFileFuzzTest {
    private static final String SECRET = "s3cr3t:s3cr3t";

    @FuzzTest
    @Timeout(600)
    void isReadOrRefusedWithAPlace(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        if (text.contains("file:") || text.contains(SECRET)) {
            // A file would be read, and this machine's are nobody's input; what a file itself says is quoted.
            return;
        }
        try {
            Settings settings = ConfigFile.parse("fuzz.yaml", text, name -> SECRET);
            assertThat(settings.toString()).doesNotContain(SECRET);
        } catch (ConfigException e) {
            long lines = text.lines().count() + 1;
            assertThat(e.faults()).isNotEmpty().allSatisfy(fault -> {
                assertThat(fault.line()).isBetween(1, (int) lines);
                assertThat(fault.column()).isPositive();
                assertThat(fault.problem()).isNotBlank();
                assertThat(fault.mend()).isNotBlank();
            });
            assertThat(e.getMessage()).doesNotContain(SECRET);
        }
    }
}
