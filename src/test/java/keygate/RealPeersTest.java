package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import keygate.rig.Pki;
import keygate.rig.Program;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clients that people use get through the gateway what they would get without it: curl, nghttp and h2load. */
final class RealPeersTest {
    private static final int LARGE = 20 << 20;

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    Path folder;

    /** How curl speaks to the gateway. */
    @SuppressWarnings("ImmutableEnumChecker") // the lists are List.of
    private enum Speech {
        HTTP_1("1.1", false, "--http1.1"),
        HTTP_2("2", false, "--http2-prior-knowledge"),
        TLS_12("2", true, "--http2", "--tls-max", "1.2"),
        TLS_13("2", true, "--http2", "--tlsv1.3"),
        TLS_HTTP_1("1.1", true, "--http1.1");

        private final String version;
        private final boolean encrypted;
        private final List<String> options;

        Speech(String version, boolean encrypted, String... options) {
            this.version = version;
            this.encrypted = encrypted;
            this.options = List.of(options);
        }
    }

    private void start(boolean encrypted) {
        String tls = "";
        if (encrypted) {
            Pki pki = new Pki();
            Pki.Files files = Pki.write(folder, "pair", pki.ec("api.test"));
            Pki.text(folder.resolve("root.pem"), pki.rootPem());
            tls = ", tls: {certificates: [{cert: " + files.cert() + ", key: " + files.key() + "}]}";
        }
        rig.world().key("good").add();
        rig.start("server: {host: 127.0.0.1, port: 0, eventLoops: 2" + tls + "}");
    }

    private String[] arguments(Speech speech, String path, String... more) {
        int port = rig.keygate().port();
        List<String> all = new ArrayList<>(List.of("-sS", "--max-time", "50", "-H", "Authorization: Bearer good"));
        all.addAll(List.of("--noproxy", "*", "--resolve", "api.test:" + port + ":127.0.0.1"));
        all.addAll(speech.options);
        if (speech.encrypted) {
            all.addAll(List.of("--cacert", folder.resolve("root.pem").toString()));
        }
        all.addAll(List.of(more));
        all.add((speech.encrypted ? "https" : "http") + "://api.test:" + port + path);
        return all.toArray(String[]::new);
    }

    private Program.Ended curl(Speech speech, byte[] input, String path, String... more) {
        Program.Ended ended = new Program("curl", folder).run(input, arguments(speech, path, more));
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended;
    }

    private Program.Ended curl(Speech speech, String path, String... more) {
        return curl(speech, new byte[0], path, more);
    }

    @ParameterizedTest
    @EnumSource
    void curlAsksPlainly(Speech speech) {
        start(speech.encrypted);

        assertThat(curl(speech, "/a?b=c", "-w", " %{http_version} %{http_code}").out())
                .isEqualTo("GET /a?b=c 0 " + speech.version + " 200");
        assertThat(curl(speech, "/h", "-I").out()).contains("HTTP/" + speech.version + " 200");
        String refused = curl(speech, "/a", "-H", "Authorization: Bearer another", "-w", "%{http_code}")
                .out();
        // curl sends both.
        assertThat(refused).endsWith("400");
        assertThat(rig.backend().last().header("x-forwarded-host")).startsWith("api.test");
    }

    @ParameterizedTest
    @EnumSource
    void curlAsksForARange(Speech speech) {
        rig.backend().behave(request -> request.response()
                .setStatusCode(206)
                .putHeader("content-range", "bytes 2-4/9")
                .end(request.getHeader("range")));
        start(speech.encrypted);

        assertThat(curl(speech, "/", "-r", "2-4", "-w", " %{http_code}").out()).isEqualTo("bytes=2-4 206");
    }

    @ParameterizedTest
    @EnumSource
    void curlSendsBodies(Speech speech) {
        rig.backend().behave(request -> {
            if (request.headers().contains("expect")) {
                request.response().writeContinue();
            }
            request.body().onSuccess(body -> request.response().end(request.method() + " / " + body.length()));
        });
        start(speech.encrypted);
        byte[] body = "hello".repeat(1000).getBytes(StandardCharsets.US_ASCII);

        assertThat(curl(speech, body, "/", "-T", "-").out()).isEqualTo("PUT / 5000");
        assertThat(curl(
                                speech,
                                body,
                                "/",
                                "-H",
                                "Expect: 100-continue",
                                "--expect100-timeout",
                                "40",
                                "-X",
                                "POST",
                                "--data-binary",
                                "@-")
                        .out())
                .isEqualTo("POST / 5000");
        assertThat(curl(speech, "/", "-X", "POST", "-d", "").out()).isEqualTo("POST / 0");
    }

    @ParameterizedTest
    @EnumSource
    void curlMovesLargeBodies(Speech speech) throws Exception {
        byte[] large = new byte[LARGE];
        new Random(1).nextBytes(large);
        rig.backend().behave(RealPeersTest::returnIt);
        start(speech.encrypted);
        Path got = folder.resolve("got");

        curl(speech, large, "/", "-X", "POST", "-H", "Expect:", "-T", "-", "-o", got.toString());

        assertThat(Files.mismatch(folder.resolve("in"), got)).isEqualTo(-1);
    }

    private static void returnIt(HttpServerRequest request) {
        request.response().setChunked(true);
        request.pipe().to(request.response());
    }

    @ParameterizedTest
    @EnumSource
    void curlHearsEventsAsTheyCome(Speech speech) throws Exception {
        Promise<HttpServerResponse> begun = Promise.promise();
        rig.backend().behave(request -> {
            request.response().putHeader("content-type", "text/event-stream").setChunked(true);
            request.response().write("data: 1\n\n");
            begun.complete(request.response());
        });
        start(speech.encrypted);

        Process curl = new Program("curl", folder).start(arguments(speech, "/", "-N"));
        try {
            HttpServerResponse upstream = Rig.await(begun.future());
            hears("data: 1\n\n");
            Rig.await(upstream.write("data: 2\n\n"));
            hears("data: 1\n\ndata: 2\n\n");
            Rig.await(upstream.end());
            assertThat(curl.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(curl.exitValue()).isZero();
        } finally {
            curl.destroyForcibly();
        }
    }

    private void hears(String events) throws TimeoutException {
        Path out = folder.resolve("out");
        Rig.until(() -> text(out).equals(events), () -> "curl has only: " + text(out));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void curlSeesThatAnAnswerIsNotWhole() {
        rig.backend().behave(request -> {
            request.response().setChunked(true).write("half");
            request.connection().close();
        });
        start(false);
        for (String version : List.of("--http1.1", "--http2-prior-knowledge")) {
            Program.Ended ended = new Program("curl", folder)
                    .run("-sS", version, "--noproxy", "*", "-H", "Authorization: Bearer good", url("/"));
            assertThat(ended.code()).as(version).isNotZero();
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + rig.keygate().port() + path;
    }

    @Test
    void nghttpSendsManyStreamsWithTrailersAndPriorities() {
        start(false);
        Program nghttp = new Program("nghttp", folder);
        Path body = Pki.text(folder.resolve("body"), "hello".repeat(100));

        Program.Ended ended = nghttp.run(
                "-v",
                "-n",
                "-m",
                "20",
                "-p",
                "32",
                "-d",
                body.toString(),
                "--trailer",
                "x-sum: 500",
                "-H",
                "authorization: Bearer good",
                "-H",
                "x-long: " + "v".repeat(3000),
                url("/a"));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).doesNotContain("recv RST_STREAM").doesNotContain("recv GOAWAY");
        assertThat(ended.out().lines().filter(line -> line.contains(":status: 200")))
                .hasSize(20);
        assertThat(rig.backend().seen()).hasSize(20).allSatisfy(seen -> assertThat(seen.header("x-long"))
                .hasSize(3000));
    }

    @Test
    void nghttpSeesTrailers() {
        rig.backend().behave(request -> {
            request.response().setChunked(true).write(Buffer.buffer("body"));
            request.response().putTrailer("x-sum", "4").end();
        });
        start(false);

        Program.Ended ended = new Program("nghttp", folder)
                .run("-v", "-H", "te: trailers", "-H", "authorization: Bearer good", url("/a"));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("x-sum: 4").contains("body");
    }

    @Test
    void h2loadAsksThousandsOfTimes() throws Exception {
        start(false);

        Program.Ended ended = new Program("h2load", folder)
                .run("-n", "5000", "-c", "4", "-m", "50", "-H", "authorization: Bearer good", url("/a"));

        assertThat(ended.out()).contains("5000 succeeded, 0 failed, 0 errored, 0 timeout");
        assertThat(ended.out()).contains("5000 2xx, 0 3xx, 0 4xx, 0 5xx");
        assertThat(rig.log(5000)).hasSize(5000);
    }
}
