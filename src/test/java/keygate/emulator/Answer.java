package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.stream.StreamSupport;

/** An answer as a client sees it. */
record Answer(int status, HttpHeaders headers, String text) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Answer of(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode json() {
        return parse(text);
    }

    JsonNode data() {
        return json().path("data");
    }

    String code() {
        return data().path("code").asText();
    }

    JsonNode error() {
        return json().path("error");
    }

    /** The part of the error's type that names it. */
    String type() {
        return error().path("type").asText().replace("https://unkey.com/docs/errors/", "");
    }

    String location() {
        return error().path("errors").path(0).path("location").asText();
    }

    String header(String name) {
        return headers.firstValue(name).orElse("(absent)");
    }

    JsonNode limit(String name) {
        return StreamSupport.stream(data().path("ratelimits").spliterator(), false)
                .filter(limit -> limit.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no limit " + name + " in " + text));
    }

    long remaining(String name) {
        return limit(name).path("remaining").asLong(-1);
    }
}
