package keygate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The management port of a gateway that runs elsewhere, and how to get in. */
final class ManagementPort {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int CONNECT_MILLIS = 3_000;
    private static final int ANSWER_MILLIS = 15_000;

    @Option(
            names = {"-m", "--management"},
            defaultValue = "http://127.0.0.1:9090",
            paramLabel = "URL",
            description = "The gateway's management port: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private URI url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds management.token, where the gateway asks for one.")
    private @Nullable Path tokenFile;

    /** Why there is nothing to show, as a person reads it. */
    static final class Failed extends Exception {
        private final boolean usage;

        private Failed(String message, boolean usage) {
            super(message, null, false, false);
            this.usage = usage;
        }

        /** The exit code for it. */
        int code() {
            return usage ? Main.USAGE : Main.FAILED;
        }
    }

    /** Calls an operation, and waits for its data. */
    JsonNode call(String operation, JsonNode body) throws Failed {
        String token = token();
        Vertx vertx = Vertx.vertx();
        try {
            return data(sent(vertx, operation, body, token)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join());
        } catch (CompletionException | IllegalArgumentException e) {
            throw new Failed(url + " cannot be asked: " + why(e), false);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private Future<HttpResponse<Buffer>> sent(Vertx vertx, String operation, JsonNode body, @Nullable String token) {
        WebClient client = WebClient.create(vertx, new WebClientOptions().setConnectTimeout(CONNECT_MILLIS));
        String base = url.toString();
        HttpRequest<Buffer> request = client.requestAbs(
                        HttpMethod.POST,
                        (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/v1/" + operation)
                .timeout(ANSWER_MILLIS)
                .putHeader("content-type", "application/json");
        if (token != null) {
            request.putHeader("authorization", "Bearer " + token);
        }
        return request.sendBuffer(Buffer.buffer(body.toString()));
    }

    private static String why(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return String.valueOf(cause.getMessage());
    }

    private @Nullable String token() throws Failed {
        return tokenFile == null ? null : secret(tokenFile, "the token");
    }

    /** The one line of a file that holds a secret. */
    static String secret(Path file, String what) throws Failed {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Failed(file + ": " + what + " cannot be read: " + e, true);
        }
    }

    private static JsonNode data(HttpResponse<Buffer> response) throws Failed {
        JsonNode json;
        try {
            json = JSON.readTree(
                    response.bodyAsBuffer() == null
                            ? new byte[0]
                            : response.bodyAsBuffer().getBytes());
        } catch (IOException e) {
            throw new Failed("this is no management port: it does not answer with JSON", false);
        }
        if (response.statusCode() == 200 && json.has("data")) {
            return json.get("data");
        }
        JsonNode error = json.path("error");
        List<String> lines = new ArrayList<>(
                List.of(response.statusCode() + " " + error.path("detail").asText("no management port answers there")));
        error.path("errors")
                .forEach(flaw -> lines.add("  " + flaw.path("location").asText() + ": "
                        + flaw.path("message").asText() + "; "
                        + flaw.path("fix").asText()));
        throw new Failed(String.join("\n", lines), response.statusCode() < 500);
    }
}
