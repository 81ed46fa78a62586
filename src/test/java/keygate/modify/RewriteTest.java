package keygate.modify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rewrite replaces whole leading segments and leaves the rest of the path, octet by octet, as it is. */
class RewriteTest {
    @ParameterizedTest
    @CsvSource({
        "0, '', /, /",
        "0, '', /a/b, /a/b",
        "0, '', /a/b/, /a/b/",
        "1, '', /a, /",
        "1, '', /a/, /",
        "1, '', /a/b, /b",
        "1, '', /a/b/, /b/",
        "2, '', /a/b, /",
        "2, '', /a/b/, /",
        "2, '', /a/b/c%20d, /c%20d",
        "1, '', /, /",
        "3, '', /a/b, /",
        "0, /v2, /, /v2/",
        "0, /v2, /a, /v2/a",
        "1, /v2, /a, /v2",
        "1, /v2, /a/, /v2/",
        "1, /v2, /a/b, /v2/b",
        "1, /v2/x, /a/b/, /v2/x/b/",
        "2, /v2, /a/b/c, /v2/c",
        "1, '', /api/apis, /apis",
        "1, '', /%40me/x, /x",
        "1, '', /a%2Cb/c, /c"
    })
    void replacesLeadingSegments(int segments, String prefix, String path, String rewritten) {
        assertThat(new Rewrite(segments, prefix).apply(path)).isEqualTo(rewritten);
    }

    @Test
    void noneLeavesEverything() {
        assertThat(Rewrite.NONE.apply("/a//%zz")).isEqualTo("/a//%zz");
    }

    @Test
    void theQueryIsNotRewritten() {
        Ask ask = AskFixture.get("/a/b?a/b=/a/b").ask();
        ModifyRule rule = new ModifyRule(new Rewrite(1, "/v2"), false);
        UpstreamHead head = Modify.upstream(ask, ModifyFixture.BEARER, ModifyFixture.ADMITTED, rule);
        assertThat(head.uri()).isEqualTo("/v2/b?a/b=/a/b");
        assertThat(head.method()).isEqualTo("GET");
    }

    @Test
    void aRewrittenPathIsCanonicalToo() {
        Random random = new Random(81);
        String[] pieces = {"a", "%20", "@", "..a", "b.", "%2E%2E", ".", "%C3%A9"};
        for (int i = 0; i < 5_000; i++) {
            StringBuilder raw = new StringBuilder("/");
            for (int n = random.nextInt(5); n > 0; n--) {
                String piece = pieces[random.nextInt(pieces.length)];
                raw.append("x").append(piece).append(random.nextBoolean() ? "/" : "//./");
            }
            String path = Target.parse(raw.toString()).path();
            String rewritten = new Rewrite(random.nextInt(4), random.nextBoolean() ? "" : "/v2/x").apply(path);
            assertThat(Target.parse(rewritten).path()).isEqualTo(rewritten);
        }
    }
}
