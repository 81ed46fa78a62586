package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API's allow list compares the first forwarded address, else the peer's, as text. */
final class EmulatorIpAllowListTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void aKey() {
        bench.world.key("k_1").add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private Answer from(@Nullable String forwardedFor) {
        Map<String, String> headers =
                new HashMap<>(Map.of("Content-Type", "application/json", "Authorization", Bench.ROOT));
        if (forwardedFor != null) {
            headers.put("X-Forwarded-For", forwardedFor);
        }
        return bench.post("/v2/keys.verifyKey", Bench.json("{'key':'k_1'}"), headers);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, VALID",
        "'192.0.2.7, 10.0.0.1', VALID",
        "'10.0.0.1, 192.0.2.7', FORBIDDEN",
        "' , ,192.0.2.7', VALID",
        "192.0.2.7:4711, VALID",
        "2001:db8::1, VALID",
        "[2001:db8::1]:443, VALID",
        "2001:DB8::1, FORBIDDEN",
        "2001:db8:0::1, FORBIDDEN",
        "198.51.100.9, FORBIDDEN",
        "192.0.2.70, FORBIDDEN",
    })
    void theFirstEntryCounts(String forwardedFor, String code) {
        bench.world.allowIps(World.API, "192.0.2.7", "2001:db8::1", "198.51.100.0/24");
        assertThat(from(forwardedFor).code()).isEqualTo(code);
    }

    @Test
    void withoutTheHeaderThePeerCounts() {
        bench.world.allowIps(World.API, "127.0.0.1");
        assertThat(from(null).code()).isEqualTo("VALID");
        assertThat(from(" , ").code()).isEqualTo("VALID");
        bench.world.allowIps(World.API, "192.0.2.7");
        assertThat(from(null).code()).isEqualTo("FORBIDDEN");
    }

    @Test
    void anEmptyListAllowsAll() {
        assertThat(from("203.0.113.1").code()).isEqualTo("VALID");
        bench.world.allowIps(World.API, "192.0.2.7");
        bench.world.allowIps(World.API);
        assertThat(from("203.0.113.1").code()).isEqualTo("VALID");
    }
}
