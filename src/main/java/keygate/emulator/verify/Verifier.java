package keygate.emulator.verify;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import keygate.emulator.rows.KeyView;
import keygate.emulator.state.Store;
import keygate.emulator.wire.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A verification, check by check. The order is Unkey's: found and permitted, query syntax, disabled, expired, client
 * address, permissions, rate limits, credits; the first failure wins and later checks do not run.
 */
public final class Verifier {
    private final Store store;
    private final long now;

    /** Works on {@code store} at the moment {@code now}, epoch milliseconds. */
    public Verifier(Store store, long now) {
        this.store = store;
        this.now = now;
    }

    /**
     * Verifies.
     *
     * @param view the key; null when it is not found
     * @throws Refusal for a bad query, a missing named limit, and in the historical variant a missing permission
     */
    public Verdict verify(VerifyAsk ask, Caller caller, @Nullable KeyView view) {
        if (view == null || !view.api().workspaceId().equals(caller.rootKey().workspaceId())) {
            return Verdict.NOT_FOUND;
        }
        if (!Grants.mayVerify(caller.rootKey(), view)) {
            return notPermitted(caller);
        }
        Predicate<Collection<String>> query = query(ask);
        String flaw = flaw(view, caller.clientIp(), query);
        return flaw == null ? charge(ask, view) : Verdict.denied(flaw, view);
    }

    private static Verdict notPermitted(Caller caller) {
        if (caller.forbidsMissingPermission()) {
            throw new Refusal(
                    403,
                    "unkey/authorization/forbidden",
                    "Forbidden",
                    "The root key is not allowed to verify keys of this API.");
        }
        return Verdict.NOT_FOUND;
    }

    private static Predicate<Collection<String>> query(VerifyAsk ask) {
        String query = ask.permissions();
        return query == null ? granted -> true : PermissionQuery.parse(query);
    }

    private @Nullable String flaw(KeyView view, String clientIp, Predicate<Collection<String>> query) {
        Long expires = view.row().expires();
        if (!view.row().enabled()) {
            return "DISABLED";
        }
        if (expires != null && now > expires) {
            return "EXPIRED";
        }
        List<String> allowed = view.api().ipAllowList();
        if (!allowed.isEmpty() && !allowed.contains(clientIp)) {
            return "FORBIDDEN";
        }
        return query.test(view.permissions()) ? null : "INSUFFICIENT_PERMISSIONS";
    }

    private Verdict charge(VerifyAsk ask, KeyView view) {
        List<LimitOutcome> limits = LimitStage.run(view, ask.limits(), store.windows(), now);
        if (limits.stream().anyMatch(limit -> limit.taken().exceeded())) {
            return new Verdict("RATE_LIMITED", view, view.credits(), limits);
        }
        Long cost = ask.cost();
        boolean paid = store.balances().take(view.row().id(), cost == null ? 1 : cost);
        Long balance = store.balances().of(view.row().id());
        return new Verdict(paid ? "VALID" : "USAGE_EXCEEDED", view, balance, limits);
    }
}
