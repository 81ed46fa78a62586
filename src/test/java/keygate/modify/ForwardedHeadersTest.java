package keygate.modify;

import static keygate.modify.ModifyFixture.ADMITTED;
import static keygate.modify.ModifyFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Headers;
import keygate.accept.Target;
import org.junit.jupiter.api.Test;

/** The upstream learns through which hops a request came: those that were believed, then the one that came to us. */
class ForwardedHeadersTest {
    private static final Ask.Client THROUGH_HOPS = new Ask.Client("203.0.113.9", "10.0.0.1", true);

    @Test
    void aDirectCallerIsNamed() {
        Headers up = upstream("Accept", "x");
        assertThat(up.all("X-Forwarded-For")).containsExactly("192.0.2.7");
        assertThat(up.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(up.all("X-Forwarded-Host")).containsExactly("api.example.com");
    }

    @Test
    void whatTrustedHopsSaidIsContinued() {
        Ask ask = AskFixture.get("/")
                .with(
                        "x-forwarded-for",
                        "203.0.113.9, 10.0.0.3",
                        "X-Forwarded-For",
                        "10.0.0.2",
                        "X-Forwarded-Proto",
                        "https",
                        "X-Forwarded-Host",
                        "www.example.com")
                .from(THROUGH_HOPS)
                .ask();
        Headers up = upstream(ask, ADMITTED);
        assertThat(up.all("X-Forwarded-For")).containsExactly("203.0.113.9, 10.0.0.3, 10.0.0.2, 10.0.0.1");
        assertThat(up.all("X-Forwarded-Proto")).containsExactly("https");
        assertThat(up.all("X-Forwarded-Host")).containsExactly("www.example.com");
    }

    @Test
    void aPeerWithoutAnAddressAddsNothing() {
        Ask ask = AskFixture.get("/").from(new Ask.Client("", "", false)).ask();
        assertThat(upstream(ask, ADMITTED).all("X-Forwarded-For")).isEmpty();
    }

    @Test
    void nominatingThemChangesNothing() {
        Ask ask = AskFixture.get("/")
                .with("Connection", "X-Forwarded-For", "X-Forwarded-For", "203.0.113.9")
                .from(THROUGH_HOPS)
                .ask();
        assertThat(upstream(ask, ADMITTED).all("X-Forwarded-For")).containsExactly("203.0.113.9, 10.0.0.1");
    }

    @Test
    void theHostIsTheOneThatWasAskedFor() {
        Ask ask = new Ask(
                "kg_test",
                "GET",
                "https",
                "api.example.com",
                "API.example.com:8443",
                Target.parse("/"),
                Headers.of(),
                THROUGH_HOPS);
        Headers up = upstream(ask, ADMITTED);
        assertThat(up.all("X-Forwarded-Host")).containsExactly("API.example.com:8443");
        assertThat(up.all("X-Forwarded-Proto")).containsExactly("https");
    }

    @Test
    void theUpstreamSeesItsOwnHostUnlessToldOtherwise() {
        Ask ask = AskFixture.get("/").ask();
        assertThat(Modify.upstream(ask, ModifyFixture.BEARER, ADMITTED, new ModifyRule(Rewrite.NONE, false))
                        .host())
                .isEmpty();
        assertThat(Modify.upstream(ask, ModifyFixture.BEARER, ADMITTED, new ModifyRule(Rewrite.NONE, true))
                        .host())
                .isEqualTo("api.example.com");
    }

    @Test
    void otherNamesAreNotReplaced() {
        assertThat(ForwardedHeaders.replaces("x-forwarded-for")).isTrue();
        assertThat(ForwardedHeaders.replaces("X-REQUEST-ID")).isTrue();
        assertThat(ForwardedHeaders.replaces("X-Forwarded-Port")).isFalse();
        assertThat(ForwardedHeaders.replaces("Forwarded")).isFalse();
    }
}
