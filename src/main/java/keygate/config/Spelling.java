package keygate.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses what a misspelled word was meant to be. */
final class Spelling {
    private static final int FURTHEST = 3;

    private Spelling() {}

    /** {@code did you mean 'x'?} where one is near, else the list of what is known. */
    static String suggest(@Nullable String word, Collection<String> known) {
        if (word == null || known.isEmpty()) {
            return known.isEmpty() ? "remove it" : "known here: " + String.join(", ", known);
        }
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElse("");
        boolean near = distance(word, nearest) <= Math.min(FURTHEST, Math.max(1, word.length() / 2));
        return near ? "did you mean '" + nearest + "'?" : "known here: " + String.join(", ", known);
    }

    /** How many letters must be added, removed or replaced (Levenshtein), case aside. */
    static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
