package keygate.accept;

import java.util.List;

/** One header field, its name spelled as it was received or is to be sent. */
public record Header(String name, String value) {
    /** Whether this field has the given name; field names ignore case (RFC 9110, 5.1). */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** Whether a field's name is one of these few: each is compared. */
    public static boolean isAmong(List<String> names, String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** The name only: values may hold secrets. */
    @Override
    public String toString() {
        return name + ": ...";
    }
}
