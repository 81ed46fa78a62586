package keygate.emulator.verify;

import java.util.List;
import keygate.emulator.rows.KeyView;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a verification.
 *
 * @param code VALID or why not
 * @param view the key; null for NOT_FOUND
 * @param credits the balance to show; null when the key is unlimited
 * @param limits the rate limits that were evaluated
 */
public record Verdict(
        String code, @Nullable KeyView view, @Nullable Long credits, List<LimitOutcome> limits) {
    static final Verdict NOT_FOUND = new Verdict("NOT_FOUND", null, null, List.of());

    /** Keeps the limits as they are now. */
    public Verdict {
        limits = List.copyOf(limits);
    }

    /** A denial before any counting: what it shows of credits is the cached row's. */
    static Verdict denied(String code, KeyView view) {
        return new Verdict(code, view, view.credits(), List.of());
    }
}
