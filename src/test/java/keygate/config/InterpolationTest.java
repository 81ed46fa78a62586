package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** References are replaced by what they name, once, and what is not there is named in the complaint. */
final class InterpolationTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("A", "alpha", "EMPTY", "", "NESTED", "${A}", "GROUPS", "$1 \\2", "file", "never");

    private final Interpolation interpolation = new Interpolation(ENVIRONMENT::get);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain|plain",
                "|",
                "${A}|alpha",
                "a${A}b${A}c|aalphabalphac",
                "${A:other}|alpha",
                "${NONE:other}|other",
                "${NONE:}|''",
                "${NONE:http://h:1}|http://h:1",
                "${EMPTY:other}|other",
                "${EMPTY}|''",
                "${NESTED}|${A}",
                "${GROUPS}|$1 \\2",
                "$${A}|${A}",
                "$$|$$",
                "$A|$A",
                "5$|5$",
                "{route}|{route}"
            })
    void isReplaced(String text, String expected) {
        String given = text == null ? "" : text;
        assertThat(interpolation.apply(given)).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void aFileStandsForItsContentWithoutTheWhiteSpaceAtItsEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "  one\ntwo \r\n\n");

        assertThat(interpolation.apply("<${file:" + file + "}>")).isEqualTo("<  one\ntwo>");
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> interpolation.apply("${file:" + file + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the file " + file + " cannot be read");
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> interpolation.apply("${A} ${NONE}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the environment variable NONE is not set")
                .hasMessageNotContaining("alpha");
        assertThatThrownBy(() -> interpolation.apply("${file:" + folder.resolve("none") + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"${A", "a${", "${}", "${:x}", "${ }"})
    void aReferenceWithoutEndOrNameIsRefused(String text) {
        assertThatThrownBy(() -> interpolation.apply(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyKindOfValueMayBeAReference() {
        Settings settings = Texts.load("""
                server: {port: "${PORT}", drain: "${NONE:5s}", trustedHops: ["${NONE:10.0.0.0/8}"]}
                unkey: {rootKey: "${UNKEY_ROOT_KEY}"}
                upstreams: {api: {url: "http://h:${PORT}"}}
                routes: [{path: "/${NONE:a}", upstream: "${NONE:api}", preserveHost: "${NONE:false}"}]
                """);

        assertThat(settings.server().port()).isEqualTo(8081);
        assertThat(settings.server().drain()).hasSeconds(5);
        assertThat(settings.upstreams().get(0).targets().get(0)).hasToString("h:8081");
        assertThat(settings.rules().get(0).route().path()).hasToString("/a");
        assertThat(settings.rules().get(0).modify().preserveHost()).isFalse();
    }

    @Test
    void aRootKeyThatCannotBeUsedIsNotRepeatedInTheComplaint() {
        List<Fault> faults = Texts.faults("""
                unkey: {rootKey: "${UNKEY_ROOT_KEY} with more"}
                upstreams: {api: {url: "http://h:1"}}
                routes: [{path: /a, upstream: api}]
                """);

        assertThat(faults).hasSize(1);
        assertThat(faults.get(0).toString()).contains("unkey.rootKey").doesNotContain(Texts.ROOT_KEY);
    }

    @Test
    void whatAReferenceStandsForIsNotRepeatedWhereItDoesNotFit() {
        String text = "server: {port: '${SECRET}'}\nmanagement: {host: 'a ${SECRET}'}\n";

        assertThatThrownBy(() -> ConfigFile.parse("f", text, name -> "canary"))
                .hasMessageContaining("${SECRET}")
                .hasMessageNotContaining("canary");
    }
}
