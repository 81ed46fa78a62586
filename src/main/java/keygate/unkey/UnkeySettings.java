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
        @Nullable ClientTls tls) {
    private static final int LONGEST_TEXT = 512;

    /** The same with at least as much time for a call, for lists, which take Unkey longer than verdicts. */
    public UnkeySettings patient(Duration least) {
        Duration longer = timeout.compareTo(least) < 0 ? least : timeout;
        return new UnkeySettings(
                url,
                rootKey,
                canary,
                longer,
                connectTimeout,
                keepAlive,
                maxConnections,
                maxPending,
                maxResponseBytes,
                tls);
    }

    /** A text for a person, from whoever answers, which may be anybody: printable, short, and without our secrets. */
    String plain(@Nullable String text) {
        String plain = String.valueOf(text).replaceAll("[^ -~]", "?");
        String root = rootKey.reveal();
        String known = canary == null ? "" : canary.reveal();
        plain = root.isEmpty() ? plain : plain.replace(root, "***");
        plain = known.isEmpty() ? plain : plain.replace(known, "***");
        return plain.length() <= LONGEST_TEXT ? plain : plain.substring(0, LONGEST_TEXT);
    }
}
