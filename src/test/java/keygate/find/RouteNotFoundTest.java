package keygate.find;

import static keygate.find.RouteFixture.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Function;
import keygate.accept.AskFixture;
import keygate.accept.Header;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.junit.jupiter.api.Test;

/** What no route serves is refused: 404 for unknown hosts and paths, 405 with {@code Allow} for other methods. */
class RouteNotFoundTest {
    private static final RouteTable<Route> TABLE = new RouteTable<>(
            List.of(
                    route("api.example.com", "/a", "GET"),
                    route("api.example.com", "/a", "POST"),
                    route("api.example.com", "/{x}", "PUT"),
                    route("*.example.com", "/a", "PATCH"),
                    route("*", "/b/**", "DELETE"),
                    route("*.example.com", "/open/**")),
            Function.identity());

    @Test
    void unknownPathsAreNotFound() {
        for (String path : List.of("/", "/c/d", "/a/b", "/bb", "/openx")) {
            Refusal refusal = refusal("GET", "b.example.com", path);
            assertThat(refusal.reason()).as(path).isEqualTo(Reason.ROUTE_NOT_FOUND);
            assertThat(refusal.headers()).isEmpty();
        }
    }

    @Test
    void unknownHostsAreNotFound() {
        for (String host : List.of("", "example.com", "example.org", "api.example.com.evil.org", "evilexample.com")) {
            assertThat(refusal("GET", host, "/a").reason()).as(host).isEqualTo(Reason.ROUTE_NOT_FOUND);
        }
    }

    @Test
    void otherMethodsAreToldWhatIsAllowed() {
        Refusal refusal = refusal("DELETE", "api.example.com", "/a");
        assertThat(refusal.reason()).isEqualTo(Reason.METHOD_NOT_ALLOWED);
        assertThat(refusal.headers()).containsExactly(new Header("Allow", "GET, HEAD, PATCH, POST, PUT"));
        assertThat(refusal.detail()).contains("DELETE");
    }

    @Test
    void allowNamesOnlyWhatThisPathServes() {
        assertThat(refusal("GET", "other", "/b").headers()).containsExactly(new Header("Allow", "DELETE"));
        assertThat(refusal("GET", "api.example.com", "/zzz").headers()).containsExactly(new Header("Allow", "PUT"));
    }

    @Test
    void methodsKeepTheirCase() {
        assertThat(refusal("get", "api.example.com", "/a").reason()).isEqualTo(Reason.METHOD_NOT_ALLOWED);
    }

    @Test
    void anEmptyTableFindsNothing() {
        RouteTable<Route> empty = new RouteTable<>(List.of(), Function.identity());
        Refusal refusal = catchThrowableOfType(
                Refusal.class, () -> empty.find(AskFixture.get("/").ask()));
        assertThat(refusal.reason()).isEqualTo(Reason.ROUTE_NOT_FOUND);
    }

    private static Refusal refusal(String method, String host, String path) {
        Refusal refusal = catchThrowableOfType(
                Refusal.class,
                () -> TABLE.find(AskFixture.get(path).by(method).at(host).ask()));
        assertThat(refusal).as(method + " " + host + path).isNotNull();
        return refusal;
    }
}
