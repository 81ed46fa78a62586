package keygate.accept;

import java.util.Map;
import java.util.Set;

/**
 * The header names that only the gateway, or a hop it trusts, may set, and those that nobody may. Names are compared after CGI folding (RFC 3875,
 * 4.1.18), because an upstream that folds {@code X_Unkey.Principal} to {@code HTTP_X_UNKEY_PRINCIPAL} cannot tell it
 * from ours.
 */
final class ReservedNames {
    private static final String OURS_ALONE = "X_UNKEY_";
    /** Folded name to the one spelling that a trusted hop may use. */
    private static final Map<String, String> TRUSTED_HOPS_ONLY = Map.of(
            "X_FORWARDED_FOR", "x-forwarded-for",
            "X_FORWARDED_PROTO", "x-forwarded-proto",
            "X_FORWARDED_HOST", "x-forwarded-host",
            "X_FORWARDED_PORT", "x-forwarded-port",
            "X_REAL_IP", "x-real-ip",
            "X_REQUEST_ID", "x-request-id",
            "FORWARDED", "forwarded");

    /** They ask a framework to take the request for another one than the one that was matched and judged. */
    private static final Set<String> OVERRIDES = Set.of(
            "X_HTTP_METHOD_OVERRIDE",
            "X_HTTP_METHOD",
            "X_METHOD_OVERRIDE",
            "X_ORIGINAL_METHOD",
            "X_ORIGINAL_URL",
            "X_ORIGINAL_URI",
            "X_REWRITE_URL");
    /** Folded name to the one spelling that frames a message (RFC 9112, 6). */
    private static final Map<String, String> FRAMING =
            Map.of("TRANSFER_ENCODING", "transfer-encoding", "CONTENT_LENGTH", "content-length");

    private ReservedNames() {}

    /** Whether an upstream that folds names would take the field for one that frames the message. */
    static boolean looksLikeFraming(String name) {
        char first = name.isEmpty() ? ' ' : Character.toUpperCase(name.charAt(0));
        String spelling = first == 'T' || first == 'C' ? FRAMING.get(fold(name)) : null;
        return spelling != null && !spelling.equalsIgnoreCase(name);
    }

    /** Whether a field of that name, sent by a peer of that standing, may go on. */
    static boolean mayPass(String name, boolean peerTrusted) {
        char first = name.isEmpty() ? ' ' : Character.toUpperCase(name.charAt(0));
        if (first != 'X' && first != 'F') {
            return true;
        }
        String folded = fold(name);
        if (folded.startsWith(OURS_ALONE) || OVERRIDES.contains(folded)) {
            return false;
        }
        String spelling = TRUSTED_HOPS_ONLY.get(folded);
        return spelling == null || (peerTrusted && spelling.equalsIgnoreCase(name));
    }

    /** Upper case, everything but letters and digits replaced by an underscore. */
    static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'a' && c <= 'z') {
                folded.append((char) (c - 32));
            } else {
                folded.append((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_');
            }
        }
        return folded.toString();
    }
}
