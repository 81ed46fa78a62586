package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whatever octets a target is made of, it is refused with 400, or a reader that decodes, however often, sees in the
 * canonical path what it would have seen in the raw one, and no way out of any segment.
 */
final class CanonicalPathFuzzTest {
    @FuzzTest
    void isRefusedOrMeansTheSameToEveryReader(byte[] octets) {
        String raw = new String(octets, StandardCharsets.ISO_8859_1);
        Target target = parsed(raw);
        if (target == null) {
            return;
        }
        assertThat(Target.parse(spelled(target))).isEqualTo(target);
        assertThat(target.path()).startsWith("/").doesNotContain("//").matches("[\\x21-\\x7e]+");
        for (String segment : target.segments()) {
            assertThat(segment)
                    .isNotIn("", ".", "..")
                    .doesNotContain("/", "\\")
                    .doesNotContainPattern("[\\x00-\\x20\\x7f]");
        }
        String path = raw.split("\\?", 2)[0];
        assertThat(read(target.path(), 1)).as("decoded once").isEqualTo(read(path, 1));
        assertThat(read(target.path(), 1)).isEqualTo(each(target.segments()));
        // An encoded percent sign may hide what only the second reader sees, in both spellings alike.
        if (!target.path().contains("%25")) {
            List<String> again = read(target.path(), 9);
            // Where dots took all of them out of the path, what they hid is not passed on.
            if (!path.contains("%25")) {
                assertThat(again).as("decoded again and again").isEqualTo(read(path, 9));
            }
        }
    }

    private static @Nullable Target parsed(String raw) {
        try {
            return Target.parse(raw);
        } catch (Refusal refusal) {
            assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED_REQUEST);
            return null;
        }
    }

    private static String spelled(Target target) {
        return target.query() == null ? target.path() : target.path() + "?" + target.query();
    }

    /** An upstream's view: decode, take every slash for a slash, then follow the dots, never above the root. */
    private static List<String> read(String path, int times) {
        String decoded = path;
        for (int i = 0; i < times; i++) {
            decoded = decode(decoded);
        }
        List<String> read = new ArrayList<>();
        for (String piece : decoded.replace('\\', '/').split("/", -1)) {
            if (piece.equals("..")) {
                assertThat(read).as("above the root").isNotEmpty();
                read.remove(read.size() - 1);
            } else if (!piece.isEmpty() && !piece.equals(".")) {
                read.add(piece);
            }
        }
        return read;
    }

    private static List<String> each(List<String> segments) {
        return segments.stream().map(CanonicalPathFuzzTest::decode).toList();
    }

    /** What is no escape stands for itself. */
    private static String decode(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean escape = text.substring(i).matches("(?s)%[0-9A-Fa-f]{2}.*");
            out.append(escape ? (char) Integer.parseInt(text, i + 1, i + 3, 16) : text.charAt(i));
            i += escape ? 2 : 0;
        }
        return out.toString();
    }
}
