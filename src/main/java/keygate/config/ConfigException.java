package keygate.config;

import java.util.List;

/** A configuration that cannot be used, with all its mistakes. */
public final class ConfigException extends Exception {
    private final transient List<Fault> faults;

    ConfigException(List<Fault> faults) {
        super(String.join("\n", faults.stream().map(Fault::toString).toList()));
        this.faults = List.copyOf(faults);
    }

    /** Every mistake, in the order of the file. */
    public List<Fault> faults() {
        return faults;
    }
}
