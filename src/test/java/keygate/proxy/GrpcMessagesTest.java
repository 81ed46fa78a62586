package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the octets of a gRPC call are cut into pieces, its messages are counted. */
final class GrpcMessagesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 1_000, 1_000_000})
    void piecesOfAnySizeGiveTheSame(int most) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int count = random.nextInt(40);
            Buffer octets = Buffer.buffer();
            for (int i = 0; i < count; i++) {
                int size = random.nextInt(3) == 0 ? 0 : random.nextInt(5_000);
                byte[] message = new byte[size];
                random.nextBytes(message);
                octets.appendByte((byte) random.nextInt(2)).appendInt(size).appendBytes(message);
            }
            GrpcMessages messages = new GrpcMessages();
            int at = 0;
            while (at < octets.length()) {
                int end = Math.min(octets.length(), at + 1 + random.nextInt(most));
                messages.read(octets.slice(at, end));
                at = end;
            }
            assertThat(messages.messages()).as("seed %d", seed).isEqualTo(count);
        }
    }

    @Test
    void theLargestLengthIsOneMessage() {
        GrpcMessages messages = new GrpcMessages();
        messages.read(Buffer.buffer(new byte[] {0, -1, -1, -1, -1}));
        messages.read(Buffer.buffer(new byte[1 << 20]));
        assertThat(messages.messages()).isEqualTo(1);
    }
}
