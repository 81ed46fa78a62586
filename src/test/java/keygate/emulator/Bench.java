package keygate.emulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A running emulator with a clock that stands still, and a plain client to talk to it. */
final class Bench implements AutoCloseable {
    static final String ROOT = "Bearer " + World.ROOT_KEY;

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final TestClock clock = new TestClock();
    final World world;
    final Emulator emulator;
    private final Vertx vertx = Vertx.vertx();

    Bench() {
        world = World.empty(clock);
        emulator = await(Emulator.start(vertx, world, 0));
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A JSON text written with single quotes. */
    static String json(String text) {
        return text.replace('\'', '"');
    }

    /** Verifies a key with nothing else in the body. */
    Answer verify(String key) {
        return post("/v2/keys.verifyKey", "{\"key\":\"" + key + "\"}");
    }

    /** Verifies with more fields, written with single quotes. */
    Answer verify(String key, String fields) {
        return post("/v2/keys.verifyKey", "{\"key\":\"" + key + "\"," + json(fields) + "}");
    }

    Answer listKeys(String body) {
        return post("/v2/apis.listKeys", json(body));
    }

    Answer control(String name, String body) {
        return send(request("/control/" + name, json(body)).build());
    }

    Answer post(String path, String body) {
        return send(request(path, body).header("Authorization", ROOT).build());
    }

    Answer post(String path, String body, Map<String, String> headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(emulator.baseUrl() + path))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(builder::header);
        return send(builder.build());
    }

    CompletableFuture<Answer> verifyAsync(String key) {
        HttpRequest request = request("/v2/keys.verifyKey", "{\"key\":\"" + key + "\"}")
                .header("Authorization", ROOT)
                .build();
        return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(Answer::of);
    }

    HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(URI.create(emulator.baseUrl() + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    Answer send(HttpRequest request) {
        try {
            return Answer.of(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Everything a raw verification gets back until the connection ends. */
    String raw(String key) {
        String body = "{\"key\":\"" + key + "\"}";
        return rawBytes("POST /v2/keys.verifyKey HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + ROOT
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    String rawBytes(String bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), emulator.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        await(emulator.close());
        await(vertx.close());
    }
}
