package keygate.judge;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Unkey's word on a key. The list is open on Unkey's side: what is not known here is {@link #UNKNOWN} and denies. */
public enum Code {
    VALID,
    NOT_FOUND,
    DISABLED,
    EXPIRED,
    FORBIDDEN,
    INSUFFICIENT_PERMISSIONS,
    RATE_LIMITED,
    USAGE_EXCEEDED,
    UNKNOWN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Reads an answer's two fields together: only {@code valid} with {@code VALID} admits, and nothing else may. */
    public static Code of(boolean valid, @Nullable String code) {
        for (Code known : values()) {
            if (known.name().equals(code) && (known == VALID) == valid) {
                return known;
            }
        }
        return UNKNOWN;
    }

    /** Whether the key is good, and has but spent what it may for now. */
    public boolean isSpent() {
        return this == RATE_LIMITED || this == USAGE_EXCEEDED;
    }

    /** Whether such a key is good for nothing, whatever else is asked. */
    boolean isNobodys() {
        return this == NOT_FOUND || this == DISABLED || this == EXPIRED;
    }

    /** The word used in logs and metrics. */
    public String label() {
        return label;
    }
}
