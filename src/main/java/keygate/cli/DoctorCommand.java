package keygate.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import keygate.accept.Time;
import keygate.cli.doctor.Doctor;
import keygate.cli.doctor.Finding;
import keygate.cli.doctor.Finding.Level;
import keygate.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at everything that a configuration names, and says what is wrong with it. */
@Command(
        name = "doctor",
        description = "Looks whether Unkey, the root key and the upstreams of a configuration are as they must be.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final Configuration configuration = new Configuration();

    @Option(names = "--json", description = "Says it as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Settings settings = configuration.load(err);
        if (settings == null) {
            return Main.USAGE;
        }
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = new ArrayList<>();
        try (Workshop workshop = new Workshop()) {
            new Doctor(workshop.vertx(), settings, Time.system(), finding -> {
                        findings.add(finding);
                        if (!json) {
                            out.println(finding);
                            out.flush();
                        }
                    })
                    .examine();
        } catch (CompletionException e) {
            err.println("cannot examine: " + e.getCause());
            err.flush();
            return Main.FAILED;
        }
        if (json) {
            out.println(json(findings));
            out.flush();
        }
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL) ? Main.FAILED : 0;
    }

    private static String json(List<Finding> findings) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ArrayNode list = root.putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("subject", finding.subject())
                    .put("check", finding.check())
                    .put("level", finding.level().word())
                    .put("measured", finding.measured())
                    .put("mend", finding.mend());
        }
        return root.toPrettyString();
    }
}
