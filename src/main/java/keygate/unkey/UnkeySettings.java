package keygate.unkey;

import java.net.URI;
import java.time.Duration;
import keygate.accept.tls.ClientTls;
import org.jspecify.annotations.Nullable;

/**
 * How Unkey is called.
 *
 * @param url the API's base, {@code https://api.unkey.com} unless told otherwise
 * @param rootKey authorises our calls
 * @param canary a key that surely exists, or null: while Unkey does not find it, nobody's key counts as unknown
 * @param timeout the most that one verification may take, retries included
 * @param connectTimeout the most that a connection may take to stand, and a call to wait for one
 * @param keepAlive how long an unused connection is kept; below Unkey's own 10 s, because a call on a connection that
 *     Unkey is just closing cannot be repeated safely
 * @param maxConnections the most connections of one event loop
 * @param maxPending the most calls of one event loop that wait for a connection
 * @param maxResponseBytes the most that is read of an answer
 * @param tls whom to trust instead of those that Java does, or null
 */
public record UnkeySettings(
        URI url,
        Secret rootKey,
        @Nullable Secret canary,
        Duration timeout,
        Duration connectTimeout,
        Duration keepAlive,
        int maxConnections,
        int maxPending,
        int maxResponseBytes,
        @Nullable ClientTls tls) {}
