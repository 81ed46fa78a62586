package keygate.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Chromium without a screen, and one page in it, told what to do over its DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_MESSAGE = 64 << 20;
    private static final List<String> COMPLAINTS =
            List.of("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded");

    private final Process process;
    private final WebSocketClient client;
    private final WebSocket socket;
    private final String session;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, Promise<JsonNode>> asked = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> documents = new CopyOnWriteArrayList<>();

    private Browser(Process process, WebSocketClient client, WebSocket socket) {
        this.process = process;
        this.client = client;
        this.socket = socket;
        socket.textMessageHandler(this::told);
        String target = call("Target.createTarget", JSON.createObjectNode().put("url", "about:blank"), null)
                .get("targetId")
                .textValue();
        ObjectNode attach = JSON.createObjectNode().put("targetId", target).put("flatten", true);
        session = call("Target.attachToTarget", attach, null).get("sessionId").textValue();
        for (String domain : List.of("Page", "Runtime", "Log")) {
            tell(domain + ".enable", JSON.createObjectNode());
        }
    }

    /** Starts it; {@code folder} is for whatever it keeps. */
    public static Browser start(Vertx vertx, Path folder) throws TimeoutException {
        Path profile = folder.resolve("profile");
        Process process = new Program("chromium", folder)
                .start(
                        "--headless",
                        // Only pages of our own are opened, and root has no sandbox.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank");
        try {
            List<String> door = door(profile.resolve("DevToolsActivePort"));
            WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
                    .setMaxFrameSize(LONGEST_MESSAGE)
                    .setMaxMessageSize(LONGEST_MESSAGE));
            WebSocketConnectOptions socket = new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(Integer.parseInt(door.get(0)))
                    .setURI(door.get(1))
                    // A browser trusts programs, not pages.
                    .setAllowOriginHeader(false);
            return new Browser(process, client, Rig.await(client.connect(socket)));
        } catch (TimeoutException | RuntimeException e) {
            end(process);
            throw e;
        }
    }

    private static List<String> door(Path file) throws TimeoutException {
        Rig.until(() -> Files.exists(file) && lines(file).size() == 2, () -> "the browser does not start");
        return lines(file);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void told(String message) {
        try {
            JsonNode json = JSON.readTree(message);
            Promise<JsonNode> waiting = asked.remove(json.path("id").asInt());
            if (waiting != null && json.has("error")) {
                waiting.fail(message);
            } else if (waiting != null) {
                waiting.complete(json.path("result"));
            } else if (COMPLAINTS.contains(json.path("method").asText())) {
                complaints.add(message);
            } else if (json.path("method").asText().equals("Page.frameNavigated")) {
                documents.add(json.at("/params/frame/loaderId").asText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode tell(String method, ObjectNode parameters) {
        return call(method, parameters, session);
    }

    private JsonNode call(String method, ObjectNode parameters, @Nullable String of) {
        int id = lastId.incrementAndGet();
        Promise<JsonNode> answer = Promise.promise();
        asked.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        if (of != null) {
            message.put("sessionId", of);
        }
        socket.writeTextMessage(message.toString());
        return Rig.await(answer.future());
    }

    /** A screen of that size from now on, in light or in dark. */
    public void screen(int width, int height, boolean dark) {
        tell(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600));
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        tell("Emulation.setEmulatedMedia", media);
    }

    /** Goes there, and waits until the page of before is gone: a question asked amid the change has no answer. */
    public void open(String url) throws TimeoutException {
        JsonNode going = tell("Page.navigate", JSON.createObjectNode().put("url", url));
        String document = going.path("loaderId").asText();
        Rig.until(() -> documents.contains(document), () -> "never opened: " + url + " " + going);
    }

    /** The value of an expression in the page. */
    public JsonNode value(String expression) {
        ObjectNode parameters =
                JSON.createObjectNode().put("expression", expression).put("returnByValue", true);
        return tell("Runtime.evaluate", parameters).path("result").path("value");
    }

    /** Waits until an expression is true in the page. */
    public void until(String expression) throws TimeoutException {
        Rig.until(
                () -> value(expression).asBoolean(),
                () -> "never true: " + expression + "\n" + value("document.body.innerText") + "\n" + complaints);
    }

    /** What is on the page from its top to its end, as a picture. */
    public void picture(Path file) throws IOException {
        ObjectNode parameters = JSON.createObjectNode().put("format", "png").put("captureBeyondViewport", true);
        byte[] png = Base64.getDecoder()
                .decode(tell("Page.captureScreenshot", parameters).get("data").textValue());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, png);
    }

    /** What the page has thrown, written to the console, or was forbidden. */
    public List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        end(process);
        Rig.await(client.close());
    }

    private static void end(Process process) {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        Process ended = process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join();
        ended.destroyForcibly().onExit().join();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }
}
