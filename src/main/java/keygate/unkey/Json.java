package keygate.unkey;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** JSON as Unkey speaks it: unknown fields are ignored, types are not bent ({@code "true"} is no boolean). */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().recyclerPool(new WipedBuffers()).build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private static final TypeReference<Envelope<Object>> ANY = new TypeReference<>() {};

    private Json() {}

    /** Writes one JSON value. */
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    static <T> Envelope<T> read(@Nullable Buffer body, TypeReference<Envelope<T>> type) {
        try {
            Envelope<T> envelope = body == null ? null : MAPPER.readValue(body.getBytes(), type);
            if (envelope != null && envelope.data() != null) {
                return envelope;
            }
        } catch (IOException e) {
            throw CallFailed.garbled("the answer is not the JSON that was expected: " + where(e));
        }
        throw CallFailed.garbled("the answer has no data");
    }

    /** An error's envelope, or null where the body is none: edges answer in HTML, or not at all. */
    static @Nullable Envelope<?> readError(@Nullable Buffer body) {
        try {
            return body == null ? null : MAPPER.readValue(body.getBytes(), ANY);
        } catch (IOException e) {
            return null;
        }
    }

    static Buffer write(Writer writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    /** The place only: the message would quote the answer. */
    private static String where(IOException e) {
        boolean located = e instanceof JsonProcessingException json && json.getLocation() != null;
        return located
                ? "at offset " + ((JsonProcessingException) e).getLocation().getByteOffset()
                : "unreadable";
    }
}
