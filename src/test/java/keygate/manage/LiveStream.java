package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;

/** One that reads the numbers of a live page, event by event. */
final class LiveStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rig rig;
    private final Wire wire;
    private final Wire.Answer head;

    LiveStream(Rig rig, String... fields) throws IOException {
        this.rig = rig;
        this.wire = new Wire(rig.keygate().managementPort());
        wire.send(Operator.request("GET", "/live", fields));
        this.head = wire.readHead();
    }

    Wire.Answer head() {
        return head;
    }

    /** The next event as it is. */
    String event() throws IOException {
        return wire.chunk();
    }

    JsonNode next() throws IOException {
        String event = event();
        assertThat(event).startsWith("data: {").endsWith("}\n\n");
        assertThat(event.strip()).doesNotContain("\n");
        return JSON.readTree(event.substring(6));
    }

    /** The first event of a second more by the gateway's clock. */
    JsonNode afterOneSecond() throws IOException {
        rig.clock().advance(Duration.ofSeconds(1));
        JsonNode json = next();
        while (!json.get("at").textValue().equals(rig.clock().instant().toString())) {
            json = next();
        }
        return json;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
