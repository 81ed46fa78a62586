package keygate.emulator;

import java.util.List;
import keygate.emulator.counts.Counter;
import keygate.emulator.counts.Take;
import keygate.emulator.counts.Taken;
import keygate.emulator.rows.RootKey;
import keygate.emulator.rows.Workspace;
import keygate.emulator.state.Ids;
import keygate.emulator.state.Lookup;
import keygate.emulator.state.Store;
import keygate.emulator.state.When;
import keygate.emulator.wire.Refusal;
import keygate.emulator.wire.Reply;
import org.jspecify.annotations.Nullable;

/** Lets a call in: recognises its root key, and counts it against the workspace's calls per minute. */
final class Doorkeeper {
    private static final String BEARER = "Bearer ";
    private static final long MINUTE = 60_000;

    private final Store store;
    private final When when;

    Doorkeeper(Store store, When when) {
        this.store = store;
        this.when = when;
    }

    /** The root key behind an Authorization header, or a refusal with 400, 401, 403 or 404. */
    Lookup<RootKey> rootKey(String header) {
        if (!header.startsWith(BEARER) || header.length() == BEARER.length()) {
            throw new Refusal(
                    400,
                    "unkey/authentication/malformed",
                    "Bad Request",
                    "The Authorization header must be 'Bearer', a space and a root key.");
        }
        Lookup<RootKey> found = store.rootKey(Ids.hash(header.substring(BEARER.length())), when);
        check(found.row());
        return found;
    }

    private void check(@Nullable RootKey rootKey) {
        if (rootKey == null) {
            throw unknownRootKey();
        }
        if (!rootKey.enabled()) {
            throw disabledRootKey();
        }
        Long expires = rootKey.expires();
        if (expires != null && when.now() > expires) {
            throw new Refusal(403, "unkey/authorization/forbidden", "Forbidden", "The root key has expired.");
        }
        Workspace workspace = store.tables().workspace(rootKey.workspaceId());
        if (workspace == null) {
            throw new Refusal(404, "unkey/data/workspace_not_found", "Not Found", "The workspace does not exist.");
        }
        if (!workspace.enabled()) {
            throw new Refusal(403, "unkey/authorization/workspace_disabled", "Forbidden", "The workspace is disabled.");
        }
    }

    /** Counts a call; the outcome, or null when the workspace has no limit. */
    @Nullable
    Quota count(RootKey rootKey) {
        Workspace workspace = store.tables().workspace(rootKey.workspaceId());
        Long limit = workspace == null ? null : workspace.requestsPerMinute();
        if (limit == null) {
            return null;
        }
        if (limit == 0) {
            throw tooMany();
        }
        Counter counter = new Counter(rootKey.workspaceId(), "", "workspace", MINUTE);
        Taken taken = store.windows()
                .take(List.of(new Take(counter, limit, 1)), when.now())
                .get(0);
        Quota quota = new Quota(limit, taken.remaining(), (taken.reset() - when.now()) / 1000);
        if (taken.exceeded()) {
            throw quota.on(tooMany()).header("Retry-After", Long.toString(quota.seconds));
        }
        return quota;
    }

    static Refusal unknownRootKey() {
        return new Refusal(401, "unkey/authentication/key_not_found", "Unauthorized", "The root key does not exist.");
    }

    static Refusal disabledRootKey() {
        return new Refusal(403, "unkey/authorization/key_disabled", "Forbidden", "The root key is disabled.");
    }

    static Refusal tooMany() {
        return new Refusal(
                429,
                "user/too_many_requests/workspace_rate_limited",
                "Too Many Requests",
                "The workspace has made more calls than it may in a minute.");
    }

    /** What a workspace has left this minute; seconds are whole, rounded down, and may be 0. */
    record Quota(long limit, long remaining, long seconds) {
        Reply on(Reply reply) {
            return reply.header("RateLimit-Limit", Long.toString(limit))
                    .header("RateLimit-Remaining", Long.toString(remaining))
                    .header("RateLimit-Reset", Long.toString(seconds));
        }

        Refusal on(Refusal refusal) {
            return refusal.header("RateLimit-Limit", Long.toString(limit))
                    .header("RateLimit-Remaining", Long.toString(remaining))
                    .header("RateLimit-Reset", Long.toString(seconds));
        }
    }
}
