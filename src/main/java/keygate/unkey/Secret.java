package keygate.unkey;

/** A text that must not be printed. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The text itself, for the one header that carries it. */
    String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
