package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import keygate.rig.Rig;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A body that is encoded passes octet by octet, with the fields that tell of it as they were sent. */
final class ContentEncodingTest {
    private static final byte[] SENT = gzip("what was asked ".repeat(2_000));
    private static final byte[] ANSWERED = gzip("what was answered ".repeat(3_000));
    private static final String ACCEPTED = "br, gzip";

    @RegisterExtension
    private final Rig rig = new Rig();

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_1_1, http1, true", "HTTP_1_1, http2, true", "HTTP_2, http1, true", "HTTP_2, http2, true",
        "HTTP_1_1, http1, false", "HTTP_1_1, http2, false", "HTTP_2, http1, false", "HTTP_2, http2, false"
    })
    void neitherSideIsReadOrWrittenAnew(HttpVersion caller, String upstream, boolean ofKnownLength) throws Exception {
        CompletableFuture<byte[]> arrived = new CompletableFuture<>();
        rig.backend().behave(request -> request.body().onSuccess(body -> {
            arrived.complete(body.getBytes());
            request.response()
                    .putHeader("content-encoding", "gzip")
                    .putHeader("vary", "Accept-Encoding")
                    .setChunked(!ofKnownLength)
                    .end(Buffer.buffer(ANSWERED));
        }));
        rig.start(
                "upstreams: {backend: {url: '@backend', protocol: " + upstream + "}}",
                "routes: [{path: /**, upstream: backend, auth: none}]");

        HttpClientAgent client = rig.vertx()
                .createHttpClient(
                        new HttpClientOptions().setProtocolVersion(caller).setHttp2ClearTextUpgrade(false));
        Heard heard = Rig.await(ask(client, ofKnownLength));
        Rig.await(client.close());

        assertThat(heard.version).isEqualTo(caller);
        assertThat(heard.fields.getAll("content-encoding")).containsExactly("gzip");
        assertThat(heard.fields.getAll("vary")).containsExactly("Accept-Encoding");
        assertThat(Arrays.mismatch(heard.body.getBytes(), ANSWERED)).isEqualTo(-1);
        assertThat(Arrays.mismatch(arrived.get(20, TimeUnit.SECONDS), SENT)).isEqualTo(-1);
        assertThat(rig.backend().last().header("content-encoding")).isEqualTo("gzip");
        assertThat(rig.backend().last().header("accept-encoding")).isEqualTo(ACCEPTED);
    }

    /** An answer as the caller has it. */
    private record Heard(HttpVersion version, MultiMap fields, Buffer body) {}

    /** This client takes nothing apart unless it is told to. */
    private Future<Heard> ask(HttpClientAgent client, boolean ofKnownLength) {
        return client.request(HttpMethod.POST, rig.keygate().port(), "127.0.0.1", "/")
                .compose(request -> {
                    request.putHeader("content-encoding", "gzip").putHeader("accept-encoding", ACCEPTED);
                    request.setChunked(!ofKnownLength);
                    return request.send(Buffer.buffer(SENT));
                })
                .compose(answer -> answer.body().map(body -> new Heard(answer.version(), answer.headers(), body)));
    }
}
