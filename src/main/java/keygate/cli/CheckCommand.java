package keygate.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import keygate.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads a configuration, says what it means or what is wrong with it, and starts nothing. */
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

    @Override
    public Integer call() {
        Settings settings = configuration.load(spec.commandLine().getErr());
        if (settings == null) {
            return Main.USAGE;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(configuration.file() + ": no mistakes");
        Summary.routes(settings).forEach(out::println);
        out.flush();
        return 0;
    }
}
