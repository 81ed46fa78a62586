package keygate.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import keygate.config.ConfigException;
import keygate.config.ConfigFile;
import keygate.config.Fault;
import keygate.config.Fingerprint;
import keygate.config.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The {@code --config} option, and what happens when the file is not usable. */
final class Configuration {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The YAML file; conf/keygate.yaml documents every key.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    private String fingerprint = "";

    /** What the file and those that it refers to were like when the settings were read. */
    String fingerprint() {
        return fingerprint;
    }

    Path file() {
        return file;
    }

    /** The settings, or null after every mistake was printed. */
    @Nullable
    Settings load(PrintWriter err) {
        fingerprint = Fingerprint.of(file);
        try {
            return ConfigFile.load(file, System::getenv);
        } catch (ConfigException e) {
            print(e, err);
            return null;
        }
    }

    static void print(ConfigException refused, PrintWriter err) {
        for (Fault fault : refused.faults()) {
            err.println(fault);
        }
        int count = refused.faults().size();
        err.println(count + (count == 1 ? " mistake" : " mistakes") + "; nothing was started");
        err.flush();
    }
}
