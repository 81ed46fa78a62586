package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import keygate.rig.FramePlayer;
import keygate.rig.Rig;
import keygate.rig.SocketBackend.Ended;
import keygate.rig.SocketCaller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client takes every sequence of frames of a server, valid or not, alike with the gateway in between and without. */
final class WebSocketClientConformanceTest {
    private static final int MAX_TRIES = 400;

    @RegisterExtension
    private final Rig rig = new Rig();

    private int playedThrough;

    @Test
    void everyCaseEndsAsItDoesWithoutTheGateway() throws Exception {
        List<String> differences = new ArrayList<>();
        try (FramePlayer server = new FramePlayer()) {
            rig.start(
                    "upstreams: {ws: {url: 'http://127.0.0.1:" + server.port() + "'}}",
                    "routes: [{path: /**, upstream: ws, auth: none}]");
            for (Map.Entry<String, byte[]> one : FrameCases.of(false).entrySet()) {
                server.plays(one.getValue());
                String direct = play(server.port(), server);
                String through = play(rig.keygate().port(), server);
                if (!through.equals(direct)) {
                    differences.add(one.getKey() + ": " + through + " instead of " + direct);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(rig.log(playedThrough)).hasSize(playedThrough);
        assertThat(rig.metrics()).contains("keygate_upgraded 0.0");
    }

    /**
     * What the client heard and how it ended for it, and what the server heard. The client says goodbye in every case,
     * but at times closes before that has left: then the case is played again.
     */
    private String play(int port, FramePlayer server) throws Exception {
        String all = once(port, server);
        for (int tries = 1; tries < MAX_TRIES && all.endsWith(FramePlayer.CUT); tries++) {
            all = once(port, server);
        }
        return all;
    }

    private String once(int port, FramePlayer server) throws Exception {
        playedThrough += port == server.port() ? 0 : 1;
        SocketCaller client = SocketCaller.connecting(port);
        Ended ended = client.ended();
        StringBuilder all = new StringBuilder();
        for (byte[] message : client.rest()) {
            all.append("[%d %08x]".formatted(message.length, Arrays.hashCode(message)));
        }
        return all.append(ended).append(" / ").append(server.heard()).toString();
    }
}
