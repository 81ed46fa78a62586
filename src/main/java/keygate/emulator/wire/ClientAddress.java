package keygate.emulator.wire;

import org.jspecify.annotations.Nullable;

/** Finds the address Unkey takes for the client's: the first entry of X-Forwarded-For, else the peer's. */
public final class ClientAddress {
    private ClientAddress() {}

    /** The first non-empty entry of {@code forwardedFor} without its port, or {@code peer}. */
    public static String of(@Nullable String forwardedFor, String peer) {
        if (forwardedFor != null) {
            for (String entry : forwardedFor.split(",", -1)) {
                if (!entry.isBlank()) {
                    return withoutPort(entry.strip());
                }
            }
        }
        return peer;
    }

    private static String withoutPort(String entry) {
        if (entry.startsWith("[") && entry.indexOf(']') > 0) {
            return entry.substring(1, entry.indexOf(']'));
        }
        int colon = entry.indexOf(':');
        boolean one = colon >= 0 && colon == entry.lastIndexOf(':');
        return one ? entry.substring(0, colon) : entry;
    }
}
