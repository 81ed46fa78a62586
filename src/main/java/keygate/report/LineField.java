package keygate.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The fields of an access line, their names encoded once. */
enum LineField {
    TIMESTAMP("timestamp"),
    LOG("log"),
    REQUEST_ID("requestId"),
    METHOD("method"),
    HOST("host"),
    CLIENT("client"),
    ROUTE("route"),
    PATH("path"),
    KEY_PLACE("keyPlace"),
    STATUS("status"),
    REASON("reason"),
    BLAME("blame"),
    SHADOW("shadow"),
    DETAIL("detail"),
    VERDICT("verdict"),
    VERDICT_AGE("verdictAgeMs"),
    CHARGE("charge"),
    UNKEY_REQUEST_ID("unkeyRequestId"),
    WHY("why"),
    CODE("code"),
    KEY_ID("keyId"),
    EXTERNAL_ID("externalId"),
    TARGET("target"),
    ATTEMPTS("attempts"),
    BYTES_IN("bytesIn"),
    BYTES_OUT("bytesOut"),
    MILLIS("ms");

    /** What callers choose must not make lines long: they are queued and kept. */
    private static final int LONGEST_TEXT = 512;

    @SuppressWarnings("ImmutableEnumChecker") // Jackson's text never changes, but for its encoded form, which is kept
    private final SerializableString name;

    LineField(String name) {
        this.name = new SerializedString(name);
    }

    /** Begins the field; its value must follow. */
    void begin(JsonGenerator json) throws IOException {
        json.writeFieldName(name);
    }

    /** Leaves the field out where there is no value, and cuts one that is long. */
    void write(JsonGenerator json, @Nullable String value) throws IOException {
        if (value != null) {
            begin(json);
            json.writeString(value.length() <= LONGEST_TEXT ? value : value.substring(0, LONGEST_TEXT));
        }
    }

    void write(JsonGenerator json, long value) throws IOException {
        begin(json);
        json.writeNumber(value);
    }
}
