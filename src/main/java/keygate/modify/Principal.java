package keygate.modify;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import keygate.accept.Header;
import keygate.judge.KeyFacts;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/**
 * Who the caller is, as JSON for the upstream, in the shape that Unkey's own gateway uses: {@code version},
 * {@code subject}, {@code type}, {@code identity}, {@code source.key}. Pure ASCII, so that no charset and no line
 * break can change a header.
 */
final class Principal {
    static final String HEADER = "X-Unkey-Principal";
    /** Names what was left out of the principal because it would not have fitted, comma-separated. */
    static final String OMITTED = "X-Unkey-Principal-Omitted";

    static final int MAX_BYTES = 4096;
    /** What a key without metadata takes. */
    private static final int USUAL = 256;

    /** What may be left out, the least needed first. */
    private static final List<String> PARTS = List.of("identity.meta", "meta", "roles", "permissions", "name");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final KeyFacts facts;
    private final @Nullable Long credits;
    private final List<String> omitted = new ArrayList<>(0);

    private Principal(Answer answer) {
        this.facts = answer.key();
        this.credits = answer.credits();
    }

    /** The header, and where parts had to be left out, a second one that names them. */
    static List<Header> headers(Answer answer) {
        Principal principal = new Principal(answer);
        String text = principal.write();
        List<String> missed = new ArrayList<>(0);
        for (int part = 0; part < PARTS.size() && text.length() > MAX_BYTES; part++) {
            principal.omitted.add(PARTS.get(part));
            String shorter = principal.write();
            if (shorter.length() < text.length()) {
                missed.add(PARTS.get(part));
            }
            text = shorter;
        }
        Header header = new Header(HEADER, text);
        return missed.isEmpty() ? List.of(header) : List.of(header, new Header(OMITTED, String.join(", ", missed)));
    }

    private String write() {
        StringWriter out = new StringWriter(USUAL);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Jackson escapes what is above ASCII and below the space, but leaves DEL, which no header may hold.
        return out.toString().replace("\u007f", "\\u007f");
    }

    private void write(JsonGenerator json) throws IOException {
        KeyFacts.Identity identity = facts.identity();
        json.writeStartObject();
        json.writeStringField("version", "v1");
        json.writeStringField("subject", identity != null ? identity.externalId() : facts.keyId());
        json.writeStringField("type", "API_KEY");
        if (identity != null) {
            json.writeObjectFieldStart("identity");
            json.writeStringField("externalId", identity.externalId());
            if (identity.meta() != null && !omitted.contains("identity.meta")) {
                json.writeFieldName("meta");
                json.writeTree(identity.meta());
            }
            json.writeEndObject();
        }
        json.writeObjectFieldStart("source");
        json.writeObjectFieldStart("key");
        writeKey(json);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeKey(JsonGenerator json) throws IOException {
        json.writeStringField("keyId", facts.keyId());
        if (facts.name() != null && !omitted.contains("name")) {
            json.writeStringField("name", facts.name());
        }
        if (facts.expires() != null) {
            json.writeNumberField("expiresAt", facts.expires());
        }
        if (credits != null) {
            json.writeNumberField("credits", credits);
        }
        json.writeFieldName("meta");
        if (facts.meta() == null || omitted.contains("meta")) {
            json.writeStartObject();
            json.writeEndObject();
        } else {
            json.writeTree(facts.meta());
        }
        writeAll(json, "roles", facts.roles());
        writeAll(json, "permissions", facts.permissions());
    }

    private void writeAll(JsonGenerator json, String name, List<String> values) throws IOException {
        if (!values.isEmpty() && !omitted.contains(name)) {
            json.writeArrayFieldStart(name);
            for (String value : values) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
    }
}
