package keygate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a running gateway forget what it remembers of keys. */
@Command(
        name = "purge",
        description = "Makes a running gateway forget Unkey's answers, so that it asks again.",
        mixinStandardHelpOptions = true)
final class PurgeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ManagementPort management = new ManagementPort();

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Which which;

    /** What is forgotten. */
    private static final class Which {
        @Option(names = "--key-id", paramLabel = "ID", description = "What is remembered of this key.")
        private @Nullable String keyId;

        @Option(names = "--external-id", paramLabel = "ID", description = "Of the keys of this identity.")
        private @Nullable String externalId;

        @Option(names = "--all", description = "Everything.")
        private boolean all;

        ObjectNode body() {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            if (keyId != null) {
                return body.put("keyId", keyId);
            }
            return externalId != null ? body.put("externalId", externalId) : body.put("all", all);
        }
    }

    @Override
    public Integer call() {
        try {
            long purged = management
                    .call("verdicts.purge", which.body())
                    .path("purged")
                    .longValue();
            spec.commandLine().getOut().println(purged + (purged == 1 ? " answer is" : " answers are") + " forgotten");
            spec.commandLine().getOut().flush();
            return 0;
        } catch (ManagementPort.Failed e) {
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine().getErr().flush();
            return e.code();
        }
    }
}
