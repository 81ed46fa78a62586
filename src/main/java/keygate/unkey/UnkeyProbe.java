package keygate.unkey;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import keygate.accept.Time;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.LiveMaterial;
import keygate.identify.Credential;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.Question;
import org.jspecify.annotations.Nullable;

/**
 * Asks Unkey about one key at no cost and gives all that the answer tells an operator, for tools. The key is the
 * canary where there is one, else one that was just invented. Nothing is repeated, and no secret is in what it gives.
 */
public final class UnkeyProbe {
    private static final Asks FREE = new Asks(null, 0L, List.of(), true);

    private final UnkeySettings settings;
    private final Time time;
    private final WebClient client;
    private final String key;

    /** A client with connections of its own; the material is that of the settings' TLS, or null where they have none. */
    public UnkeyProbe(Vertx vertx, UnkeySettings settings, Time time, @Nullable LiveMaterial material) {
        this.settings = settings;
        this.time = time;
        this.client = WebClient.create(vertx, UnkeyApi.options(settings), UnkeyApi.pool(settings));
        this.key = settings.canary() == null
                ? "keygate_doctor_" + UUID.randomUUID()
                : settings.canary().reveal();
        ClientTls tls = settings.tls();
        if (tls != null && material != null) {
            material.into(now -> client.updateSSLOptions(tls.options(now)));
        }
    }

    /**
     * What came back.
     *
     * @param ahead how far Unkey's clock is ahead of ours, negative where it is behind; zero within the second that a
     *     date is exact to, null where the answer has none
     * @param quota what the workspace has left, or null where it has no limit
     * @param code what Unkey says of the key, or null where it answers with an error
     * @param type the last part of an error's type, or null
     * @param detail Unkey's own words about an error, or empty
     */
    public record Probed(
            int status,
            Duration took,
            @Nullable Duration ahead,
            @Nullable Quota quota,
            @Nullable Code code,
            @Nullable String type,
            String detail) {}

    /** The workspace's calls in a minute. */
    public record Quota(long limit, long remaining, long resetSeconds) {}

    /** One call. Fails, with a message for the operator, where no answer came in the configured time. */
    public Future<Probed> ask() {
        long sent = time.nanos();
        Question question =
                new Question(Credential.ofOperator(key), FREE, List.of(), null, "", Question.Purpose.CANARY);
        long millis = settings.timeout().toMillis();
        return client.postAbs(settings.url() + Operation.VERIFY_KEY.path())
                .putHeader("authorization", "Bearer " + settings.rootKey().reveal())
                .putHeader("content-type", "application/json")
                .putHeader("accept", "application/json")
                .timeout(millis)
                .as(new CappedBody(settings.maxResponseBytes()))
                .sendBuffer(UnkeyVerdictSource.body(question))
                .timeout(millis, TimeUnit.MILLISECONDS)
                .map(response -> probed(response, time.since(sent)))
                .recover(failure -> Future.failedFuture(Failures.asCallFailed(failure)));
    }

    private Probed probed(HttpResponse<Buffer> response, Duration took) {
        Code code = null;
        String type = null;
        String detail = "";
        if (response.statusCode() == 200) {
            VerifyKeyData data =
                    Json.read(response.body(), Operation.VERIFY_KEY.answer()).data();
            code = data == null || data.valid() == null ? Code.UNKNOWN : Code.of(data.valid(), data.code());
        } else {
            CallFailed failed = Failures.ofStatus(
                    response.statusCode(),
                    response.body(),
                    text ->
                            // Before it is cut: no part of the key must be left at the end.
                            settings.plain(text.replace(key, "***")));
            type = String.valueOf(failed.type());
            detail = String.valueOf(failed.getMessage());
        }
        return new Probed(response.statusCode(), took, ahead(response, took), quota(response), code, type, detail);
    }

    private @Nullable Duration ahead(HttpResponse<Buffer> response, Duration took) {
        String date = response.getHeader("date");
        try {
            if (date == null) {
                return null;
            }
            Instant told = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Instant now = Instant.ofEpochMilli(time.millis());
            Duration least = Duration.between(now, told);
            Duration most = Duration.between(now.minus(took), told.plusMillis(999));
            return least.compareTo(Duration.ZERO) > 0 ? least : most.isNegative() ? most : Duration.ZERO;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Quota quota(HttpResponse<Buffer> response) {
        Long limit = number(response.getHeader("ratelimit-limit"));
        Long remaining = number(response.getHeader("ratelimit-remaining"));
        Long reset = number(response.getHeader("ratelimit-reset"));
        return limit == null || remaining == null ? null : new Quota(limit, remaining, reset == null ? 60 : reset);
    }

    private static @Nullable Long number(@Nullable String header) {
        return header != null && header.matches("\\d{1,15}") ? (Long) Long.parseLong(header) : null;
    }

    /** Closes the connections. */
    public void close() {
        client.close();
    }
}
