package keygate.find;

import static keygate.find.RouteFixture.route;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import keygate.accept.AskFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The most specific route wins, whatever the order in which the routes are written. */
class RouteChoiceTest {
    private static final List<Route> ROUTES = List.of(
            route("*", "/**"),
            route("*", "/", "GET"),
            route("*", "/users", "GET"),
            route("*", "/users/{id}"),
            route("*", "/users/{id}", "DELETE"),
            route("*", "/users/me"),
            route("*", "/users/**"),
            route("*", "/users/{id}/posts/{post}"),
            route("*", "/users/me/**", "GET"),
            route("*", "/users/{id}/posts/latest"),
            route("*", "/@me"),
            route("*.example.com", "/users/**"),
            route("*.eu.example.com", "/users/**"),
            route("api.example.com", "/users/{id}"),
            route("api.example.com", "/only", "POST"),
            route("a.eu.example.com", "/users/x"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | other | / | GET */",
                "POST | other | / | */**",
                "GET | other | /users | GET */users",
                "GET | other | /users/ | GET */users",
                "POST | other | /users | */users/**",
                "GET | other | /users/7 | */users/{id}",
                "DELETE | other | /users/7 | DELETE */users/{id}",
                "GET | other | /users/me | */users/me",
                "DELETE | other | /users/me | */users/me",
                "GET | other | /users/me/a/b | GET */users/me/**",
                "POST | other | /users/me/a/b | */users/**",
                "GET | other | /users/me/posts/latest | GET */users/me/**",
                "POST | other | /users/me/posts/latest | */users/{id}/posts/latest",
                "GET | other | /users/7/posts/latest | */users/{id}/posts/latest",
                "GET | other | /users/7/posts/8 | */users/{id}/posts/{post}",
                "GET | other | /users/7/posts | */users/**",
                "GET | other | /%75sers//7 | */users/{id}",
                "GET | other | /%40me | */@me",
                "GET | other | /USERS/7 | */**",
                "GET | other | /a/b/c | */**",
                "GET | '' | /users/7 | */users/{id}",
                "GET | api.example.com | /users/me | api.example.com/users/{id}",
                "GET | api.example.com | /users/me/x | *.example.com/users/**",
                "GET | api.example.com | /only | */**",
                "POST | api.example.com | /only | POST api.example.com/only",
                "GET | b.example.com | /users/me | *.example.com/users/**",
                "GET | c.b.example.com | /users | *.example.com/users/**",
                "GET | b.eu.example.com | /users/x | *.eu.example.com/users/**",
                "GET | a.eu.example.com | /users/x | a.eu.example.com/users/x",
                "GET | a.eu.example.com | /users/y | *.eu.example.com/users/**",
                "GET | eu.example.com | /users/y | *.example.com/users/**",
                "GET | example.com | /users/y | */users/{id}",
                "GET | badexample.com | /users/y | */users/{id}"
            })
    void mostSpecificWins(String method, String host, String path, String expected) {
        for (int seed = 0; seed < 30; seed++) {
            List<Route> shuffled = new ArrayList<>(ROUTES);
            Collections.shuffle(shuffled, new Random(seed));
            RouteTable<Route> table = new RouteTable<>(shuffled, Function.identity());
            Route found = table.find(AskFixture.get(path).by(method).at(host).ask());
            assertThat(found.name().strip()).isEqualTo(expected);
        }
    }

    @Test
    void headIsServedWhereGetIs() {
        Route route = route("*", "/a", "GET", "PUT");
        assertThat(route.methods()).containsExactly("GET", "HEAD", "PUT");
        assertThat(route.serves("HEAD")).isTrue();
        assertThat(route("*", "/a", "PUT").serves("HEAD")).isFalse();
        assertThat(route("*", "/a").serves("ANYTHING")).isTrue();
        assertThat(route("*", "/a", "GET").serves("get")).isFalse();
    }

    @Test
    void choiceIgnoresTheQuery() {
        RouteTable<Route> table = new RouteTable<>(ROUTES, Function.identity());
        Route found =
                table.find(AskFixture.get("/users/7?x=/users/me").at("other").ask());
        assertThat(found.path().text()).isEqualTo("/users/{id}");
    }

    @Test
    void choiceIgnoresWhatOtherHopsSay() {
        RouteTable<Route> table = new RouteTable<>(ROUTES, Function.identity());
        Route found = table.find(AskFixture.get("/users/7")
                .at("other")
                .with("X-Forwarded-Host", "api.example.com", "Host", "api.example.com", "X-Original-Url", "/users/me")
                .ask());
        assertThat(found.host()).isEqualTo(HostPattern.ANY);
        assertThat(found.path().text()).isEqualTo("/users/{id}");
    }
}
