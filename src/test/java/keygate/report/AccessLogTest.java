package keygate.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import keygate.accept.Reason;
import keygate.accept.Time;
import keygate.emulator.Fault;
import keygate.proxy.Delivery;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every request, served or refused, leaves one JSON line that says what became of it, and why. */
final class AccessLogTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void aServedRequestsLineTellsItsWholeStory() throws Exception {
        rig.world().key("good").identity("acme").add();
        rig.start("routes: [{name: pets, path: '/pets/{id}', upstream: backend}]");

        Wire.Answer answer = rig.get("/pets/Felix-the-cat?secret=1", "good");
        JsonNode line = JSON.readTree(rig.log(1).get(0));

        assertThat(line.get("timestamp").asText()).isEqualTo("2027-01-15T00:00:00.000Z");
        assertThat(line.get("requestId").asText()).isEqualTo(answer.header("x-request-id"));
        assertThat(line.get("method").asText()).isEqualTo("GET");
        assertThat(line.get("route").asText()).isEqualTo("pets");
        assertThat(line.get("path").asText()).isEqualTo("/pets/{id}");
        assertThat(line.get("status").asInt()).isEqualTo(200);
        assertThat(line.get("reason").asText()).isEqualTo("served");
        assertThat(line.get("blame").asText()).isEqualTo("none");
        assertThat(line.get("verdict").asText()).isEqualTo("live");
        assertThat(line.get("code").asText()).isEqualTo("valid");
        assertThat(line.get("unkeyRequestId").asText()).startsWith("req_");
        assertThat(line.get("keyId").asText())
                .isEqualTo(rig.world().keyId("good").orElseThrow());
        assertThat(line.get("externalId").asText()).isEqualTo("acme");
        assertThat(line.get("target").asText())
                .isEqualTo("127.0.0.1:" + rig.backend().port());
        assertThat(line.get("bytesIn").asLong()).isZero();
        assertThat(line.get("bytesOut").asLong()).isEqualTo(answer.body().length());
        assertThat(line.get("ms").has("total")).isTrue();
        assertThat(line.toString()).doesNotContain("secret", "Felix");
    }

    @Test
    void aRememberedVerdictIsTracedToTheCallThatGaveIt() throws Exception {
        rig.world().key("good").add();
        rig.start();
        rig.get("/", "good");
        rig.get("/", "good");

        List<String> lines = rig.log(2);

        JsonNode first = JSON.readTree(lines.get(0));
        JsonNode second = JSON.readTree(lines.get(1));
        assertThat(second.get("verdict").asText()).isEqualTo("fresh");
        assertThat(second.get("unkeyRequestId")).isEqualTo(first.get("unkeyRequestId"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.000",
        "499, 0.000",
        "500, 0.001",
        "999499, 0.999",
        "999500, 1.000",
        "1230000, 1.230",
        "12345678901, 12345.679",
        "9223372036854775000, 9223372036854.775"
    })
    void timesAreMillisecondsWithThreeDecimals(long nanos, String millis) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        LineWriter lines = new LineWriter(written, 1);
        AtomicLong now = new AtomicLong();
        Time time = new Time(rig.clock(), now::get);
        AccessLog log = new AccessLog(lines, new Recent(0), time);
        Trail trail = new Trail("id", "GET", time);
        now.set(nanos);
        trail.ended();
        log.write(trail, new Delivery(Reason.SERVED, 200, 0, 0));
        log.close();

        assertThat(written.toString(UTF_8)).contains("\"total\":" + millis + "}");
    }

    @Test
    void theLogTellsApartWhatTheCallerMayNot() throws Exception {
        rig.world().key("off").enabled(false).add();
        rig.world().key("old").expires(rig.clock().instant().minusSeconds(1)).add();
        rig.start();
        String off = rig.get("/", "off").body();
        String old = rig.get("/", "old").body();
        String nobodys = rig.get("/", "nobodys").body();

        assertThat(withoutId(off)).isEqualTo(withoutId(old)).isEqualTo(withoutId(nobodys));
        assertThat(rig.log(3))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("\"code\":\"disabled\""),
                        line -> assertThat(line).contains("\"code\":\"expired\""),
                        line -> assertThat(line).contains("\"code\":\"not_found\""));
    }

    private static String withoutId(String body) {
        return body.replaceAll("kg_[a-z0-9]+", "");
    }

    @Test
    void aRefusalForUnkeysSakeNamesUnkeysRequest() throws Exception {
        rig.start();
        rig.emulator().faults().always(Fault.of(Fault.Kind.ROOT_KEY_403));
        rig.get("/", "any");

        assertThat(rig.log(1).get(0)).contains("\"unkeyRequestId\":\"req_", "\"verdict\":\"none\"");
    }
}
