package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import keygate.rig.Frames;
import keygate.rig.Frames.Frame;
import keygate.rig.Rig;
import keygate.rig.SocketBackend;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A strict server answers every sequence of frames, valid or not, alike with the gateway in between and without. */
final class WebSocketConformanceTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void everyCaseEndsAsItDoesWithoutTheGateway() throws Exception {
        Map<String, byte[]> cases = FrameCases.of(true);
        List<String> differences = new ArrayList<>();
        int played = 0;
        try (SocketBackend upstream = new SocketBackend()) {
            rig.start(
                    "upstreams: {ws: {url: '" + upstream.url() + "'}}",
                    "routes: [{path: /**, upstream: ws, auth: none}]");
            for (Map.Entry<String, byte[]> one : cases.entrySet()) {
                Set<String> through = new HashSet<>();
                Set<String> direct = new HashSet<>();
                // After some errors the server closes at once, and says goodbye now and then only.
                for (int tries = 0; tries < 10 && Collections.disjoint(through, direct); tries++) {
                    through.add(play(rig.keygate().port(), one.getValue()));
                    direct.add(play(upstream.getPort(), one.getValue()));
                    played++;
                }
                if (Collections.disjoint(through, direct)) {
                    differences.add(one.getKey() + ": " + through + " instead of " + direct);
                }
            }
            assertThat(differences).isEmpty();
            assertThat(rig.log(played)).hasSize(played);
            assertThat(rig.metrics()).contains("keygate_upgraded 0.0");
        }
    }

    /** What comes back. Each case ends with a close frame, unless the server has ended it before. */
    private static String play(int port, byte[] frames) throws IOException {
        StringBuilder heard = new StringBuilder();
        try (Wire wire = new Wire(port)) {
            wire.send(Rig.request(
                    "GET",
                    "/",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            assertThat(wire.readHead().status()).isEqualTo(101);
            wire.send(frames);
            Frame frame = Frames.read(wire);
            while (frame.opcode() != Frames.CLOSE) {
                heard.append("[%02x %d %08x]".formatted(frame.first(), frame.payload().length, hash(frame)));
                frame = Frames.read(wire);
            }
            return heard.append("closed ")
                    .append(frame.code())
                    .append(' ')
                    .append(frame.why())
                    .toString();
        } catch (IOException cut) {
            return heard.append("cut").toString();
        }
    }

    private static int hash(Frame frame) {
        return Arrays.hashCode(frame.payload());
    }
}
