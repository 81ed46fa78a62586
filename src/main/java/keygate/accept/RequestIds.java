package keygate.accept;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Ids for requests: a trusted hop's own, or a fresh one of ours. */
final class RequestIds {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int MAX_LENGTH = 128;

    private RequestIds() {}

    /** The given id where it is fit for a header and a log line, else a fresh one. */
    static String keepOrFresh(@Nullable String given) {
        return given != null && isFit(given) ? given : fresh();
    }

    /** A fresh id: {@code kg_} and 20 random letters and digits (103 bits; unique, not secret). */
    static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        char[] id = new char[23];
        id[0] = 'k';
        id[1] = 'g';
        id[2] = '_';
        for (int i = 3; i < id.length; i++) {
            id[i] = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        return new String(id);
    }

    private static boolean isFit(String id) {
        return !id.isEmpty()
                && id.length() <= MAX_LENGTH
                && id.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\');
    }
}
