package keygate.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import keygate.accept.Ask;
import keygate.accept.Time;
import keygate.identify.Credential;
import keygate.judge.KeyFacts;
import keygate.judge.Verification;
import keygate.proxy.Delivery;

/**
 * Writes one JSON line per request, and keeps the last ones. It is given no key, no header value, no query and no raw
 * path to write.
 */
public final class AccessLog {
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
        byte[] line = Pen.line(json -> {
            json.writeStartObject();
            LineField.TIMESTAMP.write(json, timestamps.of(time.wall().instant()));
            LineField.LOG.write(json, "access");
            LineField.REQUEST_ID.write(json, trail.requestId());
            writeAsk(json, trail);
            writeOutcome(json, trail, delivery);
            writeVerdict(json, trail);
            writeWay(json, trail);
            LineField.BYTES_IN.write(json, delivery.bytesIn());
            LineField.BYTES_OUT.write(json, delivery.bytesOut());
            writeDurations(json, trail);
            json.writeEndObject();
        });
        recent.add(trail.requestId(), trail.unkeyRequestId(), delivery.reason(), line);
        lines.offer(line);
    }

    void close() {
        lines.close();
    }

    private static void writeAsk(JsonGenerator json, Trail trail) throws IOException {
        Ask ask = trail.ask();
        LineField.METHOD.write(json, trail.method());
        if (ask != null) {
            LineField.HOST.write(json, ask.host());
            LineField.CLIENT.write(json, ask.client().ip());
        }
        if (trail.route() != null) {
            LineField.ROUTE.write(json, trail.route().name());
            LineField.PATH.write(json, trail.route().path().text());
        }
        Credential credential = trail.credential();
        if (credential != null) {
            LineField.KEY_PLACE.write(json, credential.place().label());
        }
    }

    private static void writeOutcome(JsonGenerator json, Trail trail, Delivery delivery) throws IOException {
        LineField.STATUS.write(json, delivery.status());
        LineField.REASON.write(json, delivery.reason().code());
        LineField.BLAME.write(json, delivery.reason().blame().label());
        if (trail.shadow() != null) {
            LineField.SHADOW.write(json, trail.shadow().code());
        }
        LineField.DETAIL.write(json, trail.detail());
    }

    private static void writeVerdict(JsonGenerator json, Trail trail) throws IOException {
        LineField.VERDICT.write(json, trail.verdict().source().label());
        LineField.VERDICT_AGE.write(json, trail.verdict().age().toMillis());
        LineField.CHARGE.write(json, trail.decision().charge().label());
        LineField.UNKEY_REQUEST_ID.write(json, trail.unkeyRequestId());
        if (trail.verdict().verification() instanceof Verification.NoAnswer none) {
            LineField.WHY.write(json, none.note());
        }
        if (trail.verdict().answer() != null) {
            LineField.CODE.write(json, trail.verdict().answer().code().label());
        }
        KeyFacts key = trail.key();
        if (key != null) {
            LineField.KEY_ID.write(json, key.keyId());
            if (key.identity() != null) {
                LineField.EXTERNAL_ID.write(json, key.identity().externalId());
            }
        }
    }

    private static void writeWay(JsonGenerator json, Trail trail) throws IOException {
        if (trail.target() != null) {
            LineField.TARGET.write(json, trail.target().toString());
        }
        if (trail.attempts() > 1) {
            LineField.ATTEMPTS.write(json, trail.attempts());
        }
    }

    private static void writeDurations(JsonGenerator json, Trail trail) throws IOException {
        LineField.MILLIS.begin(json);
        json.writeStartObject();
        char[] digits = new char[LONGEST_NUMBER];
        for (Trail.Step step : Trail.STEPS) {
            if (trail.nanos(step) > 0) {
                json.writeFieldName(step.label());
                writeMillis(json, trail.nanos(step), digits);
            }
        }
        json.writeFieldName("total");
        writeMillis(json, trail.totalNanos(), digits);
        json.writeEndObject();
    }

    /** Milliseconds with three decimals: microseconds are what a gateway adds. */
    private static void writeMillis(JsonGenerator json, long nanos, char[] digits) throws IOException {
        long left = (nanos + 500) / 1_000;
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
}
