package keygate.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import keygate.accept.Ask;
import keygate.accept.Time;
import keygate.identify.Credential;
import keygate.judge.KeyFacts;
import keygate.judge.Verification;
import keygate.proxy.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON line per request, and keeps the last ones. It is given no key, no header value, no query and no raw
 * path to write.
 */
public final class AccessLog {
    private static final JsonFactory JSON = new JsonFactory();

    /** What callers choose must not make lines long: they are queued and kept. */
    private static final int LONGEST_TEXT = 512;

    private static final int LONGEST_NUMBER = 24;

    private final LineWriter lines;
    private final Recent recent;
    private final Time time;
    private final Timestamps timestamps = new Timestamps();

    public AccessLog(LineWriter lines, Recent recent, Time time) {
        this.lines = lines;
        this.recent = recent;
        this.time = time;
    }

    void write(Trail trail, Delivery delivery) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("timestamp", timestamps.of(time.wall().instant()));
            json.writeStringField("log", "access");
            json.writeStringField("requestId", trail.requestId());
            writeAsk(json, trail);
            writeOutcome(json, trail, delivery);
            writeVerdict(json, trail);
            writeText(json, "target", trail.target());
            if (trail.attempts() > 1) {
                json.writeNumberField("attempts", trail.attempts());
            }
            json.writeNumberField("bytesIn", delivery.bytesIn());
            json.writeNumberField("bytesOut", delivery.bytesOut());
            writeDurations(json, trail);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.write('\n');
        byte[] line = out.toByteArray();
        recent.add(trail.requestId(), trail.unkeyRequestId(), delivery.reason(), line);
        lines.offer(line);
    }

    void close() {
        lines.close();
    }

    private static void writeAsk(JsonGenerator json, Trail trail) throws IOException {
        Ask ask = trail.ask();
        writeText(json, "method", trail.method());
        if (ask != null) {
            writeText(json, "host", ask.host());
            json.writeStringField("client", ask.client().ip());
        }
        if (trail.route() != null) {
            json.writeStringField("route", trail.route().name());
            json.writeStringField("path", trail.route().path().text());
        }
        Credential credential = trail.credential();
        writeText(
                json, "keyPlace", credential == null ? null : credential.place().label());
    }

    private static void writeOutcome(JsonGenerator json, Trail trail, Delivery delivery) throws IOException {
        json.writeNumberField("status", delivery.status());
        json.writeStringField("reason", delivery.reason().code());
        json.writeStringField("blame", delivery.reason().blame().label());
        writeText(json, "shadow", trail.shadow() == null ? null : trail.shadow().code());
        writeText(json, "detail", trail.detail());
    }

    private static void writeVerdict(JsonGenerator json, Trail trail) throws IOException {
        json.writeStringField("verdict", trail.verdict().source().label());
        json.writeNumberField("verdictAgeMs", trail.verdict().age().toMillis());
        json.writeStringField("charge", trail.decision().charge().label());
        writeText(json, "unkeyRequestId", trail.unkeyRequestId());
        if (trail.verdict().verification() instanceof Verification.NoAnswer none) {
            writeText(json, "why", none.note());
        }
        if (trail.verdict().answer() != null) {
            json.writeStringField("code", trail.verdict().answer().code().label());
        }
        KeyFacts key = trail.key();
        if (key != null) {
            writeText(json, "keyId", key.keyId());
            writeText(
                    json,
                    "externalId",
                    key.identity() == null ? null : key.identity().externalId());
        }
    }

    private static void writeDurations(JsonGenerator json, Trail trail) throws IOException {
        json.writeObjectFieldStart("ms");
        for (Trail.Step step : Trail.STEPS) {
            if (trail.nanos(step) > 0) {
                json.writeFieldName(step.label());
                writeMillis(json, trail.nanos(step));
            }
        }
        json.writeFieldName("total");
        writeMillis(json, trail.totalNanos());
        json.writeEndObject();
    }

    /** Milliseconds with three decimals: microseconds are what a gateway adds. */
    private static void writeMillis(JsonGenerator json, long nanos) throws IOException {
        long left = (nanos + 500) / 1_000;
        char[] digits = new char[LONGEST_NUMBER];
        int at = digits.length;
        for (int decimals = 3; left > 0 || decimals >= 0; decimals--) {
            if (decimals == 0) {
                digits[--at] = '.';
            }
            digits[--at] = (char) ('0' + left % 10);
            left /= 10;
        }
        json.writeNumber(digits, at, digits.length - at);
    }

    private static void writeText(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value != null) {
            String text = value.toString();
            json.writeStringField(name, text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT));
        }
    }
}
