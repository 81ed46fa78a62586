package keygate.modify;

import static keygate.modify.ModifyFixture.downstream;
import static keygate.modify.ModifyFixture.names;
import static keygate.modify.ModifyFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import keygate.accept.Headers;
import keygate.limit.Decision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that are for one connection only end at the gateway, in both directions, the nominated ones included. */
class HopByHopTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "HTTP2-Settings",
                "connection",
                "UPGRADE",
                "te"
            })
    void knownOnesEndHere(String name) {
        assertThat(upstream(name, "x", "Accept", "y").all(name)).isEmpty();
        assertThat(downstream(Decision.UNMETERED, name, "x", "Server", "y").all(name))
                .isEmpty();
        assertThat(upstream(name, "x", "Accept", "y").all("Accept")).containsExactly("y");
        assertThat(downstream(Decision.UNMETERED, name, "x", "Server", "y").all("Server"))
                .containsExactly("y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Hop", "x-hop", "close, X-Hop", "X-HOP,close", " X-Hop ,", "keep-alive,,X-Hop"})
    void nominatedOnesEndHere(String connection) {
        Headers up = upstream("Connection", connection, "X-Hop", "1", "X-Stay", "2", "x-hop", "3");
        assertThat(up.all("X-Hop")).isEmpty();
        assertThat(up.all("X-Stay")).containsExactly("2");
        Headers down = downstream(Decision.UNMETERED, "X-Hop", "1", "X-Stay", "2", "Connection", connection);
        assertThat(down.all("X-Hop")).isEmpty();
        assertThat(down.all("X-Stay")).containsExactly("2");
    }

    @Test
    void everyConnectionLineNominates() {
        Headers up = upstream("Connection", "X-A", "X-A", "1", "X-B", "2", "connection", "X-B");
        assertThat(names(up)).doesNotContain("X-A", "X-B");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "Cache-Control"})
    void whatAddressesOrFramesTheMessageCannotBeNominated(String name) {
        assertThat(upstream("Connection", name, name, "x").all(name)).containsExactly("x");
        assertThat(downstream(Decision.UNMETERED, "Connection", name.toUpperCase(Locale.ROOT), name, "x")
                        .all(name))
                .containsExactly("x");
    }

    @Test
    void lengthAndHostAreTheProxysBusiness() {
        Headers up = upstream("Host", "a", "Content-Length", "5", "Expect", "100-continue", "Accept", "x");
        assertThat(names(up)).contains("Accept").doesNotContain("Host", "Content-Length", "Expect");
        assertThat(downstream(Decision.UNMETERED, "Content-Length", "5", "Connection", "content-length")
                        .all("Content-Length"))
                .containsExactly("5");
    }

    @Test
    void endToEndFieldsKeepTheirOrderAndSpelling() {
        Headers up =
                upstream("X-b", "1", "x-A", "2", "X-b", "3", "Accept-Encoding", "gzip", "Authorization", "Basic x");
        assertThat(names(up)).startsWith("X-b", "x-A", "X-b", "Accept-Encoding", "Authorization");
        assertThat(up.all("X-B")).containsExactly("1", "3");
        Headers down = downstream(Decision.UNMETERED, "Set-Cookie", "a=1", "ETag", "x", "Set-Cookie", "b=2");
        assertThat(names(down)).startsWith("Set-Cookie", "ETag", "Set-Cookie");
        assertThat(down.all("set-cookie")).containsExactly("a=1", "b=2");
    }

    @Test
    void aNominationReachesNoFurtherThanItsMessage() {
        upstream("Connection", "X-Hop", "X-Hop", "1");
        assertThat(upstream("X-Hop", "1").all("X-Hop")).containsExactly("1");
    }
}
