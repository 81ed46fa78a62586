package keygate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program: {@code keygate run}, {@code check}, {@code doctor}, {@code audit}, {@code explain}, {@code purge},
 * {@code emulator} and {@code demo}.
 */
@Command(
        name = "keygate",
        description = "Verifies Unkey API keys in front of any HTTP service.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            DoctorCommand.class,
            AuditCommand.class,
            ExplainCommand.class,
            PurgeCommand.class,
            EmulatorCommand.class,
            DemoCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:could not start, failed, or found something that fails",
            " 2:wrong usage or configuration",
            "143:stopped by SIGTERM after draining, 130 by SIGINT"
        })
public final class Main implements Runnable {
    /** What went wrong while starting or running. */
    static final int FAILED = 1;
    /** What the user has to mend: the command line or the configuration. */
    static final int USAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs a command line to its end and gives the exit code. */
    static int execute(String... args) {
        return new CommandLine(new Main()).execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: run, check, doctor, audit, explain, purge, emulator or demo.");
    }

    /** The version that the build has written down. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Properties properties = new Properties();
            try (InputStream in = Main.class.getResourceAsStream("/keygate/version.properties")) {
                if (in != null) {
                    properties.load(in);
                }
            }
            return new String[] {"keygate " + properties.getProperty("version", "unknown")};
        }
    }
}
