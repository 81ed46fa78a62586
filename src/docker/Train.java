import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rehearses a gateway's life for the AOT cache: starts it beside the demo, sends it what callers send, and ends it.
 * Run as {@code java Train.java FILE JAVA...}: the configuration, and the command line that starts Keygate.
 */
final class Train {
    private static final int ROUNDS = 20;
    private static final Pattern PORT = Pattern.compile("(?:listens|management) on 127\\.0\\.0\\.1:(\\d+)");

    private Train() {}

    public static void main(String[] args) throws Exception {
        List<String> java = Arrays.asList(args).subList(1, args.length);
        int[] ports = freePorts();
        Process demo = start(java.stream().filter(arg -> !arg.startsWith("-XX:AOTCacheOutput")).toList(), ports, "demo",
                "--port", "" + ports[0], "--management-port", "" + ports[1],
                "--emulator-port", "" + ports[2], "--upstream-port", "" + ports[3]);
        try (BufferedReader said = reader(demo.getInputStream())) {
            await(said, Pattern.compile("Ctrl-(C)"));
            rehearse(start(java, ports, "run", "--config", args[0]));
        } finally {
            demo.destroy();
        }
    }

    private static int[] freePorts() throws IOException {
        try (ServerSocket a = new ServerSocket(0); ServerSocket b = new ServerSocket(0);
                ServerSocket c = new ServerSocket(0); ServerSocket d = new ServerSocket(0)) {
            return new int[] {a.getLocalPort(), b.getLocalPort(), c.getLocalPort(), d.getLocalPort()};
        }
    }

    private static Process start(List<String> java, int[] ports, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("UNKEY_URL", "http://127.0.0.1:" + ports[2]);
        builder.environment().put("UPSTREAM_URL", "http://127.0.0.1:" + ports[3]);
        builder.environment().put("UPSTREAM_TLS_URL", "https://127.0.0.1:" + ports[3]);
        return builder.redirectError(
                        command.contains("run") ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(
                        command.contains("run") ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.PIPE)
                .start();
    }

    private static BufferedReader reader(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    private static String await(BufferedReader said, Pattern pattern) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new IOException("it ended before it said " + pattern);
    }

    private static void rehearse(Process gateway) throws Exception {
        try (BufferedReader said = reader(gateway.getErrorStream())) {
            String callers = "http://127.0.0.1:" + await(said, PORT);
            String operators = "http://127.0.0.1:" + await(said, PORT);
            HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            for (int round = 0; round < ROUNDS; round++) {
                round(http, callers, operators);
            }
            expect(200, http, callers + "/v1/pets", "GET", "demo_valid");
            // Of the process alone: its stream is read to the end.
            gateway.toHandle().destroy();
            said.lines().forEach(System.err::println);
        }
        // 143: stopped by SIGTERM, in order.
        if (gateway.waitFor() != 143) {
            throw new IOException("the gateway ended with " + gateway.exitValue());
        }
    }

    private static void round(HttpClient http, String callers, String operators) throws Exception {
        expect(200, http, callers + "/v1/pets?limit=5", "GET", "demo_valid");
        expect(200, http, callers + "/v1/pets", "POST", "demo_valid");
        expect(200, http, callers + "/api/v1/pets", "GET", "demo_valid");
        expect(200, http, callers + "/public/a", "GET", "");
        expect(401, http, callers + "/v1/pets", "GET", "");
        expect(401, http, callers + "/v1/pets", "GET", "demo_unknown");
        expect(0, http, callers + "/v1/pets", "GET", "demo_limited");
        expect(404, http, callers + "/none", "GET", "demo_valid");
        expect(0, http, callers + "/tls", "GET", "");
        expect(200, http, operators + "/livez", "GET", "");
        expect(200, http, operators + "/readyz", "GET", "");
        expect(200, http, operators + "/metrics", "GET", "");
    }

    /** Sends one request; a status of 0 stands for any. */
    private static void expect(int status, HttpClient http, String url, String method, String key) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        request.method(method, method.equals("POST")
                ? HttpRequest.BodyPublishers.ofString("x".repeat(2000))
                : HttpRequest.BodyPublishers.noBody());
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        int answered = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 0 && answered != status) {
            throw new IOException(method + " " + url + " was answered with " + answered + ", not " + status);
        }
    }
}
