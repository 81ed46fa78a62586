package keygate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import keygate.accept.CannotListen;
import keygate.accept.gate.GatedVertx;
import keygate.config.ConfigFile;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway on a Unix socket serves those who may open it, and leaves the file neither in the way nor behind. */
final class UnixSocketTest {
    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path folder;

    private String yaml(Path socket, String hops) {
        return "server: {path: " + socket + ", eventLoops: 2, trustedHops: [" + hops + "]}\n"
                + "routes: [{path: /**, upstream: backend, auth: none}]\n";
    }

    private static String ask(Path socket, String... fields) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String[] all = Arrays.copyOf(fields, fields.length + 1);
            all[fields.length] = "Connection: close";
            channel.write(ByteBuffer.wrap(Rig.request("GET", "/a", all).getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "unix, 203.0.113.9"})
    void callersHaveNoAddressAndMaySpeakForOthersWhereTrusted(String hops, String seen) throws Exception {
        Path socket = folder.resolve("k.sock");
        rig.start(yaml(socket, hops));

        assertThat(ask(socket, "X-Forwarded-For: 203.0.113.9")).startsWith("HTTP/1.1 200 ");

        assertThat(rig.backend().last().header("x-forwarded-for")).isEqualTo(seen);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
        Rig.await(rig.keygate().close());
        assertThat(socket).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothTransportsCanAndReplaceWhatIsStale(boolean epoll) throws Exception {
        Path socket = folder.resolve("k.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        assertThat(socket).exists();
        Vertx vertx = GatedVertx.create(epoll);
        try {
            Keygate keygate = Rig.await(start(vertx, socket));
            assertThat(ask(socket)).startsWith("HTTP/1.1 200 ");
            Rig.await(keygate.close());
            assertThat(socket).doesNotExist();
        } finally {
            Rig.await(vertx.close());
        }
    }

    private Future<Keygate> start(Vertx vertx, Path socket) throws Exception {
        String file = yaml(socket, "") + "management: {port: 0}\nunkey: {rootKey: a}\n"
                + "upstreams: {backend: {url: 'http://127.0.0.1:"
                + rig.backend().port() + "'}}\n";
        return Keygate.start(
                vertx, ConfigFile.parse("a", file, name -> null), rig.clock().time(), new ByteArrayOutputStream());
    }

    @Test
    void aLiveSocketIsNotTakenAway() throws Exception {
        Path socket = folder.resolve("k.sock");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));

            assertThatThrownBy(() -> Rig.await(start(rig.vertx(), socket)))
                    .hasRootCauseInstanceOf(CannotListen.class)
                    .hasMessageContaining("another process listens there");
        }
        assertThat(socket).exists();
    }

    @Test
    void aFileOfAnotherKindIsNotTouched() throws Exception {
        Path file = Files.writeString(folder.resolve("k.sock"), "precious");

        assertThatThrownBy(() -> Rig.await(start(rig.vertx(), file))).hasMessageContaining("the file is no socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Rig.await(start(rig.vertx(), folder.resolve("none/k.sock"))))
                .hasRootCauseInstanceOf(Exception.class)
                .hasMessageContaining("cannot listen on unix:");
    }
}
