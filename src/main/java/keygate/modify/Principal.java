package keygate.modify;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Principal() {}

    /** The header, and where parts had to be left out, a second one that names them. */
    static List<Header> headers(Answer answer) {
        ObjectNode principal = principal(answer);
        ObjectNode key = (ObjectNode) principal.path("source").path("key");
        List<String> omitted = new ArrayList<>();
        String text = write(principal);
        for (String part : List.of("identity.meta", "meta", "roles", "permissions", "name")) {
            if (text.length() <= MAX_BYTES) {
                break;
            }
            int before = text.length();
            omit(principal, key, part);
            text = write(principal);
            if (text.length() < before) {
                omitted.add(part);
            }
        }
        Header header = new Header(HEADER, text);
        return omitted.isEmpty() ? List.of(header) : List.of(header, new Header(OMITTED, String.join(", ", omitted)));
    }

    private static void omit(ObjectNode principal, ObjectNode key, String part) {
        if (part.equals("identity.meta")) {
            if (principal.get("identity") instanceof ObjectNode identity) {
                identity.remove("meta");
            }
        } else if (part.equals("meta")) {
            key.putObject("meta");
        } else {
            key.remove(part);
        }
    }

    private static ObjectNode principal(Answer answer) {
        KeyFacts facts = answer.key();
        KeyFacts.Identity identity = facts.identity();
        ObjectNode principal = JSON.createObjectNode();
        principal.put("version", "v1");
        principal.put("subject", identity != null ? identity.externalId() : facts.keyId());
        principal.put("type", "API_KEY");
        if (identity != null) {
            ObjectNode node = principal.putObject("identity").put("externalId", identity.externalId());
            setIfPresent(node, "meta", identity.meta());
        }
        principal.putObject("source").set("key", key(facts, answer.credits()));
        return principal;
    }

    private static ObjectNode key(KeyFacts facts, @Nullable Long credits) {
        ObjectNode key = JSON.createObjectNode();
        key.put("keyId", facts.keyId());
        if (facts.name() != null) {
            key.put("name", facts.name());
        }
        if (facts.expires() != null) {
            key.put("expiresAt", facts.expires());
        }
        if (credits != null) {
            key.put("credits", credits);
        }
        key.putObject("meta");
        setIfPresent(key, "meta", facts.meta());
        putAll(key, "roles", facts.roles());
        putAll(key, "permissions", facts.permissions());
        return key;
    }

    private static void setIfPresent(ObjectNode node, String name, @Nullable JsonNode value) {
        if (value != null) {
            node.set(name, value);
        }
    }

    private static void putAll(ObjectNode node, String name, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = node.putArray(name);
            values.forEach(array::add);
        }
    }

    private static String write(ObjectNode principal) {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            JSON.writeTree(generator, principal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Jackson escapes what is above ASCII and below the space, but leaves DEL, which no header may hold.
        return out.toString().replace("\u007f", "\\u007f");
    }
}
