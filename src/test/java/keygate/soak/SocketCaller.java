package keygate.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import keygate.rig.Frames;
import keygate.rig.Rig;
import keygate.rig.Wire;

/** Opens WebSockets one after the other, and ends them in every way. */
final class SocketCaller {
    private final Rig rig;
    private final Register register;
    private final Random random;

    SocketCaller(Rig rig, Register register, Random random) {
        this.rig = rig;
        this.register = register;
        this.random = random;
    }

    void run(int requests) throws IOException {
        for (int left = requests; left > 0; left--) {
            try (Wire wire = rig.wire()) {
                one(wire);
            }
        }
    }

    private void one(Wire wire) throws IOException {
        int number = register.begin();
        wire.send(Rig.request(
                "GET",
                "/socket",
                "Authorization: Bearer " + Ask.Key.GOOD.secret(0),
                "X-Request-Id: " + Register.id(number),
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        if (random.nextInt(8) == 0) {
            wire.reset();
            return;
        }
        assertThat(wire.readHead().status()).isEqualTo(101);
        register.seen(number);
        for (int left = random.nextInt(4); left > 0; left--) {
            echoed(wire, Frames.text("x".repeat(random.nextInt(3_000))));
        }
        end(wire);
    }

    private void end(Wire wire) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> {
                echoed(wire, Frames.close(1000));
                wire.close();
            }
            case 1 -> {
                wire.send(Frames.frame(
                        Frames.FIN | Frames.TEXT, 0, false, Upstream.CUT.getBytes(StandardCharsets.US_ASCII)));
                assertThat(wire.isClosedByPeer()).isTrue();
            }
            case 2 -> wire.reset();
            default -> {
                byte[] frame = Frames.text("x".repeat(1_000));
                wire.send(Arrays.copyOf(frame, random.nextInt(frame.length)));
                wire.close();
            }
        }
    }

    /** The service says everything again. */
    private static void echoed(Wire wire, byte[] frame) throws IOException {
        wire.send(frame);
        assertThat(wire.octets(frame.length)).isEqualTo(frame);
    }
}
