package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is sent, it is refused with 400 or gets a canonical path that no later reader can understand otherwise. */
class CanonicalPathPropertyTest {
    private static final int ROUNDS = 20_000;
    private static final List<String> PIECES = List.of(
            "/", "/", "/", "/", "//", ".", "..", "%2e", "%2E%2e", ".%2e", "%252e", "a", "b", "Z", "9", "~", "%41",
            "%7a", "%2D", "%20", "%3b", "%40", "@", ":", "=", "+", "%2b", "*", "!", "%21", "{", "}", "|", "%c3%a9",
            "%C0%aF", "?", "?", "&", "=");
    private static final List<String> TRAPS = List.of(
            "%2f", "%2F", "%5c", "\\", ";", "#", "%00", "%0a", "%7f", "%", "%2", "%zz", "\u00e9", "\uFF12", "\t", " ");

    @Test
    void isIdempotent() {
        for (Target target : targets(new Random(1))) {
            Target again = Target.parse(spelled(target));
            assertThat(again).isEqualTo(target);
        }
    }

    @Test
    void holdsNothingAmbiguous() {
        for (Target target : targets(new Random(2))) {
            String path = target.path();
            assertThat(path)
                    .startsWith("/")
                    .doesNotContain("//", "/./", "/../", "\\", ";", "#", "?")
                    .matches("[\\x21-\\x7e]+")
                    .doesNotMatch(".*/\\.{1,2}");
            assertThat(hasLowerCaseEscape(path)).as(path).isFalse();
        }
    }

    @Test
    void escapesOnlyWhatNeedsIt() {
        for (Target target : targets(new Random(3))) {
            String path = target.path();
            for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 3)) {
                int octet = Integer.parseInt(path, at + 1, at + 3, 16);
                assertThat(octet).as(path).isGreaterThanOrEqualTo(0x20).isNotIn(0x7f, (int) '/', (int) '\\');
                assertThat(Character.toString(octet)).as(path).doesNotMatch("[A-Za-z0-9._~-]");
            }
        }
    }

    @Test
    void segmentsArePathsOwn() {
        for (Target target : targets(new Random(4))) {
            String path = target.path();
            long slashes = path.chars().filter(c -> c == '/').count();
            long expected = path.endsWith("/") ? slashes - 1 : slashes;
            assertThat((long) target.segments().size()).as(path).isEqualTo(expected);
            assertThat(target.segments()).doesNotContain("", ".", "..");
        }
    }

    @Test
    void queryIsNotTouched() {
        Random random = new Random(5);
        for (int i = 0; i < ROUNDS; i++) {
            String raw = assembled(random, PIECES);
            Target target = parsed(raw);
            if (target != null) {
                int question = raw.indexOf('?');
                assertThat(target.query()).isEqualTo(question < 0 ? null : raw.substring(question + 1));
            }
        }
    }

    @Test
    void randomOctetsAreParsedOrRefused() {
        Random random = new Random(6);
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] octets = new byte[random.nextInt(12)];
            random.nextBytes(octets);
            read += parsed("/" + new String(octets, StandardCharsets.ISO_8859_1)) == null ? 0 : 1;
            read += parsed(new String(octets, StandardCharsets.UTF_8)) == null ? 0 : 1;
        }
        assertThat(read).isBetween(100, ROUNDS);
    }

    @Test
    void trapsAnywhereInThePathAreRefused() {
        Random random = new Random(7);
        List<String> harmless =
                PIECES.stream().filter(piece -> !piece.equals("?")).toList();
        for (int i = 0; i < ROUNDS; i++) {
            String trap = TRAPS.get(random.nextInt(TRAPS.size()));
            String raw = assembled(random, harmless) + trap + "/" + assembled(random, harmless);
            assertThat(parsed(raw)).as(raw).isNull();
        }
    }

    private static List<Target> targets(Random random) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            Target target = parsed(assembled(random, PIECES));
            if (target != null) {
                targets.add(target);
            }
        }
        assertThat(targets).hasSizeGreaterThan(ROUNDS / 4);
        return targets;
    }

    private static String assembled(Random random, List<String> pieces) {
        StringBuilder raw = new StringBuilder("/");
        for (int i = random.nextInt(12); i > 0; i--) {
            raw.append(pieces.get(random.nextInt(pieces.size())));
        }
        return raw.toString();
    }

    /** Null where it is refused; whatever else is thrown fails the test. */
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

    private static boolean hasLowerCaseEscape(String path) {
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 3)) {
            if (!path.substring(at, at + 3).matches("%[0-9A-F]{2}")) {
                return true;
            }
        }
        return false;
    }
}
