package keygate.rig;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Somebody at a gateway's management port, each time on a connection of its own. */
public final class Operator {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rig rig;
    private final List<String> fields;

    /** Each field is sent with every call. */
    public Operator(Rig rig, String... fields) {
        this.rig = rig;
        this.fields = List.of(fields);
    }

    /** The octets of a request without a body, as a program on the gateway's machine writes it. */
    public static String request(String method, String target, String... fields) {
        return Rig.request(method, target, fields).replaceFirst("Host: api\\.test", "Host: localhost:9090");
    }

    /** Calls an operation, and gives the whole answer. */
    public Wire.Answer post(String operation, String body) throws IOException {
        return send("POST", "/v1/" + operation, body, "Content-Type: application/json");
    }

    /** Asks for anything. */
    public Wire.Answer send(String method, String path, String body, String... more) throws IOException {
        List<String> all = new ArrayList<>(fields);
        all.addAll(List.of(more));
        all.add("Connection: close");
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        if (!body.isEmpty()) {
            all.add("Content-Length: " + octets.length);
        }
        try (Wire wire = new Wire(rig.keygate().managementPort())) {
            wire.send(request(method, path, all.toArray(String[]::new)));
            wire.send(octets);
            return wire.read();
        }
    }

    /** Calls an operation that must succeed, and gives its data. */
    public JsonNode call(String operation, String body) throws IOException {
        return whole(operation, body).get("data");
    }

    /** Calls an operation that must succeed, and gives all that was answered. */
    public JsonNode whole(String operation, String body) throws IOException {
        Wire.Answer answer = post(operation, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** All items of a list, page by page; {@code rest} are the fields besides limit and cursor, each with a comma. */
    public List<JsonNode> all(String operation, int limit, String rest) throws IOException {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = whole(operation, "{" + rest + cursor + "\"limit\":" + limit + "}");
            assertThat(page.get("data").size()).isLessThanOrEqualTo(limit);
            page.get("data").forEach(items::add);
            assertThat(items).as("a list that comes to an end").hasSizeLessThan(10_000);
            cursor = next(page);
        } while (!cursor.isEmpty());
        return items;
    }

    /** The field that asks for the page after this, with a comma; empty where there is none. */
    public static String next(JsonNode page) {
        JsonNode pagination = page.get("pagination");
        assertThat(pagination.get("hasMore").booleanValue()).isEqualTo(pagination.has("cursor"));
        return pagination.has("cursor")
                ? "\"cursor\":\"" + pagination.get("cursor").textValue() + "\","
                : "";
    }
}
