package keygate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a running gateway what it would do with a request, and why. */
@Command(
        name = "explain",
        description = "Asks a running gateway what would become of a request; nothing is charged.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:it would be served", " 1:it would be refused, or nobody answers", " 2:wrong usage"})
final class ExplainCommand implements Callable<Integer> {
    private static final int LONGEST_KEY = 4_096;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ManagementPort management = new ManagementPort();

    @Parameters(index = "0", paramLabel = "METHOD", description = "Such as GET.")
    @SuppressWarnings("NullAway.Init")
    private String method;

    @Parameters(index = "1", paramLabel = "PATH", description = "With its query; or a whole URL, which names the host.")
    @SuppressWarnings("NullAway.Init")
    private String path;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "FIELD",
            description = "A header field, as in 'Accept: text/html'. Others can see it in the list of processes.")
    private List<String> fields = List.of();

    @Option(names = "--client", paramLabel = "IP", description = "The address that the connection comes from.")
    private @Nullable String client;

    @ArgGroup
    private @Nullable KeySource key;

    @Option(names = "--json", description = "The answer as it came.")
    private boolean json;

    /** Where the key is read, so that it stands on no command line. */
    private static final class KeySource {
        @Option(names = "--key-file", paramLabel = "FILE", description = "Holds a key for the request.")
        private @Nullable Path file;

        @Option(names = "--key-stdin", description = "A key for the request is read from standard input.")
        private boolean stdin;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            JsonNode explained = management.call("requests.explain", body());
            if (json) {
                out.println(explained.toPrettyString());
            } else {
                ExplainedText.of(explained).forEach(out::println);
            }
            out.flush();
            return explained.at("/outcome/served").booleanValue() ? 0 : Main.FAILED;
        } catch (ManagementPort.Failed e) {
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine().getErr().flush();
            return e.code();
        }
    }

    private ObjectNode body() throws ManagementPort.Failed {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("method", method);
        addTarget(body);
        ObjectNode headers = body.putObject("headers");
        for (String field : fields) {
            int colon = field.indexOf(':');
            if (colon <= 0) {
                throw new ParameterException(spec.commandLine(), "a header field is written as NAME: VALUE");
            }
            headers.withArray(field.substring(0, colon))
                    .add(field.substring(colon + 1).strip());
        }
        put(body, "client", client);
        put(body, "key", key());
        return body;
    }

    private void addTarget(ObjectNode body) {
        if (!path.startsWith("http://") && !path.startsWith("https://")) {
            body.put("path", path);
            return;
        }
        int slash = path.indexOf('/', path.indexOf("//") + 2);
        body.put("scheme", path.substring(0, path.indexOf(':')));
        String authority = path.substring(path.indexOf("//") + 2, slash < 0 ? path.length() : slash);
        body.put("host", authority).put("path", slash < 0 ? "/" : path.substring(slash));
    }

    private static void put(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private @Nullable String key() throws ManagementPort.Failed {
        if (key != null && key.file != null) {
            return ManagementPort.secret(key.file, "the key");
        }
        return key != null && key.stdin ? fromStdin() : null;
    }

    private String fromStdin() {
        try {
            InputStream in = System.in;
            return new String(in.readNBytes(LONGEST_KEY), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "the key cannot be read from standard input: " + e);
        }
    }
}
