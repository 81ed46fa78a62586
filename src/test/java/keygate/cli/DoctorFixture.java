package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import keygate.emulator.Emulator;
import keygate.emulator.World;
import keygate.rig.Pki;
import keygate.rig.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A world where all is well, and a doctor to be called; whatever it is asked to look at, it must tell no secret. */
@Timeout(60)
abstract class DoctorFixture {
    static final String ROOT_KEY = "secret_root_of_the_test";
    static final String CANARY = "secret_canary_of_the_test";

    @TempDir
    Path folder;

    final Vertx vertx = Vertx.vertx();
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final Pki pki = new Pki();
    final Emulator emulator = Rig.await(Emulator.start(vertx, World.empty(InstantSource.system()), 0));

    @BeforeEach
    void aWorldWhereAllIsWell() {
        emulator.world().rootKey(ROOT_KEY, "api.*.verify_key");
        emulator.world().key(CANARY).add();
    }

    @AfterEach
    void nothingIsLeftAndNoSecretWasTold() {
        assertThat(out.toString() + err).doesNotContain(ROOT_KEY, CANARY, "keygate_doctor_");
        Rig.await(emulator.close());
        Rig.await(vertx.close());
    }

    int server(HttpServerOptions options, Consumer<HttpServerRequest> behaviour) {
        return Rig.await(vertx.createHttpServer(options)
                        .exceptionHandler(refused -> {})
                        .requestHandler(behaviour::accept)
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    static HttpServerOptions encrypted(X509Bundle own, boolean alpn) {
        return new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(alpn)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(own.getPrivateKeyPEM()))
                        .addCertValue(Buffer.buffer(own.getCertificatePathPEM())));
    }

    /** A port where nobody listens. */
    int nobody() {
        var server =
                Rig.await(vertx.createHttpServer().requestHandler(request -> {}).listen(0, "127.0.0.1"));
        Rig.await(server.close());
        return server.actualPort();
    }

    List<String> examine(String unkey, String upstream, int code, String... options) {
        String route = unkey.isEmpty() ? ", auth: none" : "";
        Path file = Pki.text(
                folder.resolve("doctor.yaml"),
                "server: {idleTimeout: 10m}\nunkey: {" + unkey + "}\nupstreams: {api: {connectTimeout: 20s, " + upstream
                        + "}}\n" + "routes: [{path: /**, upstream: api" + route + "}]\n");
        List<String> args = new ArrayList<>(List.of("doctor", "--config", file.toString()));
        args.addAll(List.of(options));
        int ended = new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args.toArray(String[]::new));
        assertThat(ended).as(out.toString() + err).isEqualTo(code);
        return out.toString().lines().toList();
    }

    List<String> unkey(String more, int code) {
        List<String> lines = examine(
                "rootKey: " + ROOT_KEY + ", connectTimeout: 20s, " + (more.contains("timeout:") ? "" : "timeout: 20s, ")
                        + more,
                "url: 'http://127.0.0.1:"
                        + server(new HttpServerOptions(), r -> r.response().end()) + "'",
                code);
        return lines.stream().filter(line -> line.contains("unkey")).toList();
    }

    String emulated() {
        return "url: '" + emulator.baseUrl() + "'";
    }

    List<String> upstream(String upstream, int code) {
        return examine("", upstream, code).stream()
                .filter(line -> line.contains("upstreams"))
                .toList();
    }
}
