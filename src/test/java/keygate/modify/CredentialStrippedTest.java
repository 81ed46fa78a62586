package keygate.modify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import keygate.accept.AskFixture;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.identify.IdentifyRule;
import keygate.identify.IdentifyRule.Auth;
import keygate.identify.KeyPlace;
import keygate.judge.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The upstream never sees the key, wherever it was presented, and sees everything else as it was sent. */
class CredentialStrippedTest {
    private static final List<KeyPlace> PLACES = List.of(
            new KeyPlace.Bearer(),
            new KeyPlace.InHeader("X-Api-Key", null),
            new KeyPlace.InHeader("X-Auth", "Token "),
            new KeyPlace.InQuery("api_key"),
            new KeyPlace.InQuery("key"),
            new KeyPlace.InCookie("session"));
    private static final IdentifyRule RULE = new IdentifyRule(Auth.REQUIRED, PLACES, "");
    private static final CredentialStripper STRIPPER = new CredentialStripper(RULE);

    @Test
    void everyConfiguredPlaceIsEmptied() {
        AskFixture ask = AskFixture.get("/a?x=1&api_key=SECRET&y=2&key=SECRET")
                .with(
                        "Authorization",
                        "Bearer SECRET",
                        "x-api-key",
                        "SECRET",
                        "X-Auth",
                        "Token SECRET",
                        "X-Auth",
                        "SECRET",
                        "Cookie",
                        "a=1; session=SECRET",
                        "cookie",
                        "session=\"SECRET\"",
                        "Accept",
                        "z");
        UpstreamHead head = Modify.upstream(ask.ask(), RULE, ModifyFixture.ADMITTED, ModifyFixture.PLAIN);
        StringBuilder all = new StringBuilder(head.uri());
        head.headers()
                .forEach(field ->
                        all.append('\n').append(field.name()).append(':').append(field.value()));
        assertThat(all.toString()).doesNotContain("SECRET");
        assertThat(head.uri()).isEqualTo("/a?x=1&y=2");
        assertThat(new Headers(head.headers()).all("Cookie")).containsExactly("a=1");
        assertThat(new Headers(head.headers()).all("Accept")).containsExactly("z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer k", "bearer k", "BEARER  k", "Bearer", "Bearer\tk", "bearer k, Bearer k2"})
    void bearerTokensGo(String value) {
        assertThat(STRIPPER.strip(new Header("authorization", value))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic dXNlcjpw", "Digest x", "AWS4-HMAC-SHA256 x", ""})
    void otherSchemesAreTheUpstreamsBusiness(String value) {
        Header field = new Header("Authorization", value);
        assertThat(STRIPPER.strip(field)).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api_key=k | ",
                "api_key=k&api_key=k | ",
                "key=k&api_key=k | ",
                "api_key | ",
                "api_key= | ",
                "a=1&api_key=k | a=1",
                "api_key=k&a=1 | a=1",
                "a=1&api_key=k&b=2 | a=1&b=2",
                "a=1&api%5Fkey=k&b=2 | a=1&b=2",
                "a=1&%61pi_key=k | a=1",
                "a=1&api_key=k=k | a=1",
                "a=1&api_keys=k | a=1&api_keys=k",
                "API_KEY=k | API_KEY=k",
                "a=api_key=k | a=api_key=k",
                "a=%zz&api_key=k&%zz=1 | a=%zz&%zz=1",
                "a=%2f%2F+x&api_key=k&b=\"{}\" | a=%2f%2F+x&b=\"{}\"",
                "&&a=1&&api_key=k&& | &&a=1&&&",
                "a;api_key=k | a;api_key=k",
                "a=1&&b=2 | a=1&&b=2",
                "x | x"
            })
    void queryKeepsEveryOtherOctet(String query, @Nullable String left) {
        assertThat(STRIPPER.strip(query)).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session=k | ",
                "session=k; session=k2 | ",
                "session | ",
                "'session=k; ' | ",
                "a=1; session=k | a=1",
                "session=k; a=1 | a=1",
                "session=k;a=1 | a=1",
                "a=1; session=k; b=2 | a=1; b=2",
                "a=1;session=k;b=2 | a=1;b=2",
                "a=1; session = k; b=2 | a=1; b=2",
                "a=1; session=\"k\"; b=\"2\" | a=1; b=\"2\"",
                "a=1;b=2 | a=1;b=2",
                "'a=1;  b=2;' | 'a=1;  b=2;'",
                "Session=k; sessions=k | Session=k; sessions=k",
                "a=session=k | a=session=k"
            })
    void cookiesKeepEveryOtherOctet(String value, @Nullable String left) {
        Header stripped = STRIPPER.strip(new Header("cOOkie", value));
        assertThat(stripped).isEqualTo(left == null ? null : new Header("cOOkie", left));
    }

    @Test
    void noQueryStaysNone() {
        assertThat(STRIPPER.strip((String) null)).isNull();
        assertThat(uri("/a", RULE)).isEqualTo("/a");
        assertThat(uri("/a?api_key=k", RULE)).isEqualTo("/a");
    }

    @Test
    void placesThatAreNotNamedAreLeftAlone() {
        IdentifyRule bearer = ModifyFixture.BEARER;
        assertThat(uri("/a?api_key=k&?=%zz", bearer)).isEqualTo("/a?api_key=k&?=%zz");
        assertThat(uri("/a?", bearer)).isEqualTo("/a?");
        Header cookie = new Header("Cookie", "session=k;  a=b");
        assertThat(new CredentialStripper(bearer).strip(cookie)).isEqualTo(cookie);
    }

    @Test
    void aRouteWithoutKeysTouchesNothing() {
        IdentifyRule none = new IdentifyRule(Auth.NONE, PLACES, "");
        Header bearer = new Header("Authorization", "Bearer k");
        assertThat(new CredentialStripper(none).strip(bearer)).isEqualTo(bearer);
        assertThat(uri("/a?api_key=k", none)).isEqualTo("/a?api_key=k");
    }

    @Test
    void anOptionalKeyIsStrippedToo() {
        IdentifyRule optional = new IdentifyRule(Auth.OPTIONAL, PLACES, "");
        assertThat(new CredentialStripper(optional).strip(new Header("X-API-KEY", "k")))
                .isNull();
        assertThat(uri("/a?api_key=k", optional)).isEqualTo("/a");
    }

    private static String uri(String target, IdentifyRule rule) {
        return Modify.upstream(AskFixture.get(target).ask(), rule, Verdict.ANONYMOUS, ModifyFixture.PLAIN)
                .uri();
    }
}
