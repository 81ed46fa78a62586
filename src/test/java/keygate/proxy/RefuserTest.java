package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import keygate.accept.Reason;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A refusal is an answer of its own: whole, in the error envelope, and free of what was prepared before it. */
final class RefuserTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Rig.await(vertx.close());
    }

    private Wire.Answer refused(Consumer<HttpServerRequest> before, String... fields) throws Exception {
        HttpServer server = Rig.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    request.pause();
                    before.accept(request);
                    Refuser refuser = new Refuser(new Linger(vertx));
                    refuser.write(
                            request,
                            Reason.UPSTREAM_BROKEN.refuse("it \"broke\"").with("Retry-After", "1"),
                            "kg_1");
                })
                .listen(0, "127.0.0.1"));
        try (Wire wire = new Wire(server.actualPort())) {
            return wire.ask(Rig.request("GET", "/", fields));
        }
    }

    @Test
    void nothingOfAnUpstreamsHeadIsLeft() throws Exception {
        Wire.Answer answer = refused(request -> request.response()
                .setStatusCode(200)
                .setStatusMessage("Fine")
                .setChunked(true)
                .putHeader("content-length", "5000")
                .putHeader("content-encoding", "gzip")
                .putHeader("set-cookie", "s=1"));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.headers()).doesNotContainKeys("content-encoding", "set-cookie", "transfer-encoding");
        assertThat(answer.header("content-length"))
                .isEqualTo(Integer.toString(answer.body().length()));
        assertThat(answer.whole()).isTrue();
    }

    @Test
    void theBodyIsUnkeysErrorEnvelope() throws Exception {
        Wire.Answer answer = refused(request -> {});

        assertThat(answer.body())
                .isEqualTo("{\"meta\":{\"requestId\":\"kg_1\"},\"error\":{\"title\":\"Upstream connection broken\","
                        + "\"detail\":\"it \\\"broke\\\"\",\"status\":502,"
                        + "\"type\":\"urn:keygate:reason:upstream_broken\"}}\n");
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(answer.header("x-request-id")).isEqualTo("kg_1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | application/json",
                "text/html | application/json",
                "*/* | application/problem+json",
                "application/*;q=0.1 | application/problem+json",
                "text/html, application/problem+json | application/problem+json"
            })
    void theTypeIsWhatTheCallerAccepts(String accept, String type) throws Exception {
        assertThat(refused(request -> {}, "Accept: " + accept).header("content-type"))
                .isEqualTo(type);
    }

    @Test
    void aCallerThatSaysNothingGetsPlainJson() throws Exception {
        assertThat(refused(request -> {}).header("content-type")).isEqualTo("application/json");
    }
}
