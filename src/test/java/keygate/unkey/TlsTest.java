package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.judge.Asks;
import keygate.judge.Verification.NoAnswer;
import keygate.rig.Rig;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root key is sent only to a server whose certificate is trusted. */
final class TlsTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestTime clock = new TestTime();

    @Test
    void aServerThatNobodyVouchesForSeesNoCall(@TempDir Path folder) throws Exception {
        AtomicInteger seen = new AtomicInteger();
        HttpServer server = Rig.await(
                vertx.createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(selfSigned(folder)))
                        .requestHandler(request -> {
                            seen.incrementAndGet();
                            request.response().end();
                        })
                        .listen(0, "127.0.0.1"));
        Duration second = Duration.ofSeconds(5);
        UnkeySettings settings = new UnkeySettings(
                URI.create("https://localhost:" + server.actualPort()),
                new Secret("root_key"),
                null,
                second.multipliedBy(2),
                second,
                second,
                2,
                8,
                1024,
                null);
        CallLog log = new CallLog(new SimpleMeterRegistry(), clock.time());
        UnkeyApi api = new UnkeyApi(
                vertx,
                settings,
                new BackOff(clock.time()),
                new Breaker(clock.time()),
                new Skew(clock.time()),
                log,
                clock.time());

        NoAnswer none = (NoAnswer) new UnkeyVerdictSource(api)
                .verify(Stub.question(Asks.NOTHING, List.of(), null))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);

        assertThat(none.cause()).isEqualTo(NoAnswer.Cause.UNAVAILABLE);
        assertThat(none.note()).contains("SSLHandshakeException");
        assertThat(none.maybeCharged()).isFalse();
        assertThat(seen).hasValue(0);
        api.close();
        Rig.await(vertx.close());
    }

    private static PfxOptions selfSigned(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "password",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        return new PfxOptions().setPath(store.toString()).setPassword("password");
    }
}
