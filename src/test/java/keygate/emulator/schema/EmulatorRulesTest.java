package keygate.emulator.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule finds everything that breaks it, says where, and how to mend it. */
final class EmulatorRulesTest {
    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anObjectReportsEverythingAtOnce() {
        Rule rule = new ObjectRule()
                .required("a", Rules.text(2, 3))
                .required("b", Rules.flag())
                .optional("c", Rules.list(2, new ObjectRule().required("d", Rules.whole(1, 9))));
        List<Finding> findings = rule.findings(json("{'a':'x','c':[{'d':0},{'d':10},{}],'e':1}"));
        assertThat(findings)
                .extracting(Finding::pointer, Finding::location)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("", "/required"),
                        org.assertj.core.groups.Tuple.tuple("/a", "/properties/a/minLength"),
                        org.assertj.core.groups.Tuple.tuple("/c", "/properties/c/maxItems"),
                        org.assertj.core.groups.Tuple.tuple("/c/0/d", "/properties/c/items/properties/d/minimum"),
                        org.assertj.core.groups.Tuple.tuple("/c/1/d", "/properties/c/items/properties/d/maximum"),
                        org.assertj.core.groups.Tuple.tuple("/c/2", "/properties/c/items/required"),
                        org.assertj.core.groups.Tuple.tuple("/e", "/additionalProperties"));
        assertThat(findings).allSatisfy(finding -> assertThat(finding.fix()).endsWith("."));
    }

    @Test
    void atMostAHundredFindingsAreKept() {
        String items = "1,".repeat(500) + "1";
        assertThat(Rules.list(1000, Rules.text(0, 1)).findings(json("[" + items + "]")))
                .hasSize(100);
    }

    @Test
    void anOpenObjectLetsUnknownPropertiesPass() {
        assertThat(new ObjectRule().open().findings(json("{'x':1}"))).isEmpty();
        assertThat(Rules.anyObject().findings(json("{'x':1}"))).isEmpty();
        assertThat(Rules.anyObject().findings(json("[]"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1900000000000", "'2030-01-01T00:00:00Z'", "'1970-01-01T00:00:00Z'"})
    void momentsAreNumbersOrUtcTimes(String value) {
        assertThat(Rules.moment().findings(json(value))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "'2030-01-01'", "'soon'", "'1960-01-01T00:00:00Z'", "null", "true", "[]"})
    void anythingElseIsNoMoment(String value) {
        assertThat(Rules.moment().findings(json(value)))
                .singleElement()
                .extracting(Finding::location)
                .isEqualTo("/format");
    }

    @Test
    void nullPassesOnlyWhereItIsAllowed() {
        assertThat(Rules.orNull(Rules.flag()).findings(json("null"))).isEmpty();
        assertThat(Rules.orNull(Rules.flag()).findings(json("1"))).hasSize(1);
        assertThat(Rules.flag().findings(json("null")))
                .singleElement()
                .extracting(Finding::fix)
                .asString()
                .contains("leave the field out");
    }

    @ParameterizedTest
    @CsvSource({"1, 'got number, want string'", "true, 'got boolean, want string'", "[], 'got array, want string'"})
    void wrongTypesAreNamedWithoutTheValue(String value, String message) {
        Finding finding = Rules.text(0, 9).findings(json(value)).get(0);
        assertThat(finding.message()).isEqualTo(message);
    }

    @Test
    void wordsAreOnesOfTheList() {
        Rule rule = Rules.word(List.of("hang", "delay"));
        assertThat(rule.findings(json("'hang'"))).isEmpty();
        assertThat(rule.findings(json("'Hang'")).get(0).fix()).contains("[hang, delay]");
        assertThat(rule.findings(json("7")).get(0).location()).isEqualTo("/type");
    }
}
