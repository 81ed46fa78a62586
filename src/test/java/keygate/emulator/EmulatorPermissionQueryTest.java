package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import keygate.emulator.verify.PermissionQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Permission queries follow Unkey's grammar: AND before OR, exact texts, an asterisk is only an asterisk. */
final class EmulatorPermissionQueryTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void aKey() {
        bench.world.role("reader", "role.read", "a");
        bench.world
                .key("k_1")
                .permissions("a", "a.read", "docs.*", "x/y:z-1_2", "c\u00ea")
                .roles("reader")
                .add();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private Answer ask(String query) {
        return bench.verify("k_1", "'permissions':'" + query + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "a.read, VALID",
        "A.read, INSUFFICIENT_PERMISSIONS",
        "role.read, VALID",
        "a or b and c, VALID",
        "(a or b) and c, INSUFFICIENT_PERMISSIONS",
        "b and c or a, VALID",
        "b and (c or a), INSUFFICIENT_PERMISSIONS",
        "((a)), VALID",
        "a AND a.read, VALID",
        "a aNd a.read oR b, VALID",
        "a and\\tb or\\r\\na, VALID",
        "(a)and(a.read), VALID",
        "docs.*, VALID",
        "docs.read, INSUFFICIENT_PERMISSIONS",
        "*, INSUFFICIENT_PERMISSIONS",
        "x/y:z-1_2, VALID",
        "android, INSUFFICIENT_PERMISSIONS",
        "a or order, VALID",
        "c\u00ea, VALID",
    })
    void queriesAreJudgedByExactText(String query, String code) {
        assertThat(ask(query).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "a AND, 5",
        "a or, 4",
        "(a, 2",
        "(a b), 3",
        "(), 1",
        "a and (), 7",
        "AND a, 0",
        ") a, 0",
        "a or and b, 5",
        "a b, 2",
        "a (b), 2",
        "a), 1",
        "a & b, 2",
        "a and !b, 6",
        "\u00ea &, 3",
    })
    void syntaxErrorsNameTheBytePosition(String query, int position) {
        Answer answer = ask(query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("user/bad_request/permissions_query_syntax_error");
        assertThat(answer.error().path("errors").isArray()).isTrue();
        assertThat(answer.error().path("errors")).isEmpty();
        assertThat(answer.error().path("detail").asText()).endsWith("at position " + position + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", " \\t\\r\\n "})
    void aQueryOfNothingButSpacesIsASyntaxError(String query) {
        assertThat(ask(query).type()).isEqualTo("user/bad_request/permissions_query_syntax_error");
    }

    @Test
    void anIllegalFirstTokenLeavesTheDetailEmpty() {
        Answer answer = ask("& a");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("detail").asText("?")).isEmpty();
    }

    @Test
    void aNulByteEndsTheQuery() {
        assertThat(ask("a\\u0000 and missing").code()).isEqualTo("VALID");
    }

    @Test
    void aThousandNestedParenthesesAreNoTrouble() {
        assertThat(ask("(".repeat(499) + "a" + ")".repeat(499)).code()).isEqualTo("VALID");
        assertThat(ask("(".repeat(1000)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithDirectEvaluationOfRandomQueries(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Expression expression = Expression.random(random, 4);
            Predicate<java.util.Collection<String>> parsed = PermissionQuery.parse(expression.text());
            for (Set<String> granted :
                    List.of(Set.<String>of(), Set.of("p0"), Set.of("p1", "p2"), Set.of("p0", "p2"))) {
                assertThat(parsed.test(granted))
                        .as("%s for %s", expression.text(), granted)
                        .isEqualTo(expression.holds(granted));
            }
        }
    }

    /** A random expression that knows both its text and its meaning. */
    private record Expression(String operator, String name, List<Expression> parts) {
        static Expression random(Random random, int depth) {
            if (depth == 0 || random.nextInt(3) == 0) {
                return new Expression("", "p" + random.nextInt(3), List.of());
            }
            List<Expression> parts = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(2); i++) {
                parts.add(random(random, depth - 1));
            }
            return new Expression(random.nextBoolean() ? "AND" : "OR", "", parts);
        }

        String text() {
            if (parts.isEmpty()) {
                return name;
            }
            // An OR inside an AND needs parentheses; the other way round precedence must do.
            List<String> texts = parts.stream()
                    .map(part -> operator.equals("AND") && part.operator.equals("OR")
                            ? "(" + part.text() + ")"
                            : part.text())
                    .toList();
            return String.join(" " + operator + " ", texts);
        }

        boolean holds(Set<String> granted) {
            if (parts.isEmpty()) {
                return granted.contains(name);
            }
            return operator.equals("AND")
                    ? parts.stream().allMatch(part -> part.holds(granted))
                    : parts.stream().anyMatch(part -> part.holds(granted));
        }
    }
}
