package keygate.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import keygate.config.ConfigException;
import keygate.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads a configuration, says what it means, what is wrong with it and what is doubtful, and starts nothing. */
@Command(
        name = "check",
        description = "Checks a configuration file without starting anything.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final Configuration configuration = new Configuration();

    @Option(names = "--strict", description = "Warnings end it with code 2, as mistakes do.")
    private boolean strict;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        ConfigFile.Checked checked;
        try {
            checked = ConfigFile.check(configuration.file(), System::getenv, Instant.now());
        } catch (ConfigException e) {
            Configuration.print(e, err);
            return Main.USAGE;
        }
        checked.warnings().forEach(err::println);
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        int count = checked.warnings().size();
        String doubts = count == 0 ? "" : count == 1 ? ", 1 warning" : ", " + count + " warnings";
        out.println(configuration.file() + ": no mistakes" + doubts);
        Summary.routes(checked.settings()).forEach(out::println);
        out.flush();
        return strict && count > 0 ? Main.USAGE : 0;
    }
}
