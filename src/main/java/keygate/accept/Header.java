package keygate.accept;

/** One header field, its name spelled as it was received or is to be sent. */
public record Header(String name, String value) {
    /** Whether this field has the given name; field names ignore case (RFC 9110, 5.1). */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** The name only: values may hold secrets. */
    @Override
    public String toString() {
        return name + ": ...";
    }
}
