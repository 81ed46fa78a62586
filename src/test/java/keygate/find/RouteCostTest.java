package keygate.find;

import static keygate.find.RouteFixture.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.junit.jupiter.api.Test;

/** A lookup looks at a handful of routes, with ten thousand of them as with ten. */
class RouteCostTest {
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void doesNotGrowWithTheNumberOfRoutes() {
        for (String path : List.of("/v1/things-3/x", "/v1/things-3/x/y", "/v1/none", "/other", "/v1/things-3")) {
            int few = cost(table(10), AskFixture.get(path).at("h4.example.com").ask());
            int many = cost(
                    table(10_000), AskFixture.get(path).at("h4.example.com").ask());
            assertThat(many).as(path).isEqualTo(few).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void doesNotGrowWithTheNumberOfHosts() {
        assertThat(cost(
                        table(10_000),
                        AskFixture.get("/nowhere").at("h9998.example.com").ask()))
                .isLessThanOrEqualTo(5);
        assertThat(cost(
                        table(10_000),
                        AskFixture.get("/nowhere").at("a.b.c.d.e.f.g").ask()))
                .isLessThanOrEqualTo(5);
    }

    @Test
    void aRefusedMethodCostsTheRoutesOfItsPathOnly() {
        RouteTable<Route> table = table(10_000);
        looks.set(0);
        Refusal refusal = catchThrowableOfType(
                Refusal.class,
                () -> table.find(
                        AskFixture.get("/v1/things-3/x").by("POST").at("none").ask()));
        assertThat(refusal.reason()).isEqualTo(Reason.METHOD_NOT_ALLOWED);
        assertThat(looks.get()).isLessThanOrEqualTo(5);
    }

    private int cost(RouteTable<Route> table, Ask ask) {
        looks.set(0);
        try {
            table.find(ask);
        } catch (Refusal refusal) {
            assertThat(refusal.reason()).isEqualTo(Reason.ROUTE_NOT_FOUND);
        }
        return looks.get();
    }

    /** As many routes as asked for, over paths, parameters and hosts. */
    private RouteTable<Route> table(int size) {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < size / 2; i++) {
            routes.add(route("*", "/v1/things-" + i + "/{id}", "GET"));
            routes.add(route("h" + 2 * i + ".example.com", "/v1/**", "GET"));
        }
        return new RouteTable<>(routes, route -> {
            looks.incrementAndGet();
            return route;
        });
    }
}
