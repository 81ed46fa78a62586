package keygate;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Pki;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A service that hears nobody without a PROXY preamble, a gateway before it, and callers whose ports are known. */
abstract class AnnouncedFixture {
    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path folder;

    private final Pki pki = new Pki();

    /** How many have come so far. */
    final AtomicInteger connections = new AtomicInteger();
    /** What came to /held, which nobody has answered. */
    final Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();

    /** A service that closes connections without a preamble, and answers with what the preamble says; its port. */
    int service(HttpServerOptions options, String host) {
        HttpServer server = rig.vertx()
                .createHttpServer(options.setUseProxyProtocol(true))
                .exceptionHandler(refused -> {})
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(request -> {
                    if (request.path().equals("/held")) {
                        held.add(request);
                    } else if (request.path().equals("/socket")) {
                        request.toWebSocket().onSuccess(socket -> socket.handler(socket::write));
                    } else {
                        request.response().end(told(request));
                    }
                });
        return Rig.await(server.listen(0, host)).actualPort();
    }

    /** From where, to where, and a number that stands for the connection. */
    static String told(HttpServerRequest request) {
        return text(request.remoteAddress()) + " " + text(request.localAddress()) + " "
                + request.connection().remoteAddress(true).port();
    }

    private static String text(SocketAddress address) {
        return address.hostAddress() + ":" + address.port();
    }

    /** A gateway with one event loop before that service. */
    void start(String upstream) {
        rig.start(1, "upstreams: {told: {" + upstream + "}}", "routes: [{path: /**, upstream: told, auth: none}]");
    }

    /** What an upstream needs to say of such a service that speaks HTTP/1 in clear text. */
    String upstream() {
        return upstream("http", "http1");
    }

    /** The same of one that speaks in one of the ways that upstreams have. */
    String upstream(String scheme, String protocol) {
        X509Bundle own = pki.ec("localhost");
        boolean encrypted = scheme.equals("https");
        HttpServerOptions options = new HttpServerOptions();
        if (encrypted) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addKeyValue(Buffer.buffer(own.getPrivateKeyPEM()))
                            .addCertValue(Buffer.buffer(own.getCertificatePathPEM())));
        }
        return "url: '" + scheme + "://localhost:" + service(options, "127.0.0.1") + "', protocol: " + protocol
                + (encrypted
                        ? ", connectTimeout: 15s, tls: {ca: " + Pki.text(folder.resolve("ca.pem"), pki.rootPem()) + "}"
                        : "");
    }

    /** A caller whose port is known. */
    final class Caller implements AutoCloseable {
        final Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), rig.keygate().port());
        final Wire wire = new Wire(socket);

        Caller() throws IOException {}

        Wire.Answer ask(String path, String... fields) throws IOException {
            return wire.ask(Rig.request("GET", path, fields));
        }

        String ends() {
            return "127.0.0.1:" + socket.getLocalPort() + " 127.0.0.1:"
                    + rig.keygate().port() + " ";
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }
}
