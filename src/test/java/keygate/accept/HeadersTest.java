package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fields keep their order and spelling, are found whatever their case, and never show a value when printed. */
class HeadersTest {
    private static final Headers FIELDS =
            Headers.of("Accept", "a, b", "X-Api-Key", "secret-1", "accept", " c ,, d", "Cookie", "k=secret-2");

    @Test
    void printsNoValue() {
        assertThat(FIELDS.toString()).contains("X-Api-Key", "Cookie").doesNotContain("secret");
        assertThat(new Header("X-Api-Key", "secret").toString()).isEqualTo("X-Api-Key: ...");
        assertThat(AskFixture.get("/?key=secret")
                        .with("X-Api-Key", "secret")
                        .ask()
                        .toString())
                .doesNotContain("secret");
    }

    @Test
    void ignoresTheCaseOfNames() {
        assertThat(FIELDS.first("ACCEPT")).isEqualTo("a, b");
        assertThat(FIELDS.all("aCCept")).containsExactly("a, b", " c ,, d");
        assertThat(new Header("ETag", "x").is("etag")).isTrue();
        assertThat(new Header("ETag", "x").is("etags")).isFalse();
    }

    @Test
    void knowsWhatIsMissing() {
        assertThat(FIELDS.first("X-None")).isNull();
        assertThat(FIELDS.all("X-None")).isEmpty();
        assertThat(FIELDS.members("X-None")).isEmpty();
    }

    @Test
    void joinsTheMembersOfAllLines() {
        assertThat(FIELDS.members("Accept")).containsExactly("a", "b", "c", "d");
        assertThat(Headers.of("A", ",", "A", " ,\t, ").members("a")).isEmpty();
    }

    @Test
    void keepsTheOrder() {
        List<String> names = new ArrayList<>();
        FIELDS.forEach(field -> names.add(field.name()));
        assertThat(names).containsExactly("Accept", "X-Api-Key", "accept", "Cookie");
    }

    @Test
    void cannotBeChanged() {
        List<Header> source = new ArrayList<>(List.of(new Header("A", "1")));
        Headers headers = new Headers(source);
        source.clear();
        assertThat(headers.all("A")).containsExactly("1");
        Iterator<Header> fields = headers.iterator();
        fields.next();
        assertThatThrownBy(fields::remove).isInstanceOf(UnsupportedOperationException.class);
    }
}
