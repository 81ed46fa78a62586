package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Fleet;
import keygate.rig.NameServer;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;

/** Requests follow a name to all its addresses, and on when they change. */
final class NamedTargetsTest extends FleetByName {
    @Test
    void allAddressesServeAndTheServiceIsCalledByItsName() throws Exception {
        names.a("fleet.test", 0, Fleet.address(0), Fleet.address(1), Fleet.address(2));
        startByName();

        assertThat(answering(6)).containsExactly(Fleet.address(0), Fleet.address(1), Fleet.address(2));
        assertThat(fleet.served(0)).isEqualTo(2);
        assertThat(fleet.seen(0).get(0).getHeader("host")).isEqualTo("fleet.test:" + fleet.port());
        assertThat(rig.log(6).get(0)).contains("\"target\":\"fleet.test:" + fleet.port() + "\"");
    }

    @Test
    void addressesThatComeAreUsedAndThoseThatVanishGetNothingMore() throws Exception {
        names.a("fleet.test", 0, Fleet.address(0), Fleet.address(1));
        startByName();
        assertThat(answering(4)).containsExactly(Fleet.address(0), Fleet.address(1));

        names.a("fleet.test", 0, Fleet.address(2));
        Rig.until(() -> answeredBy(Fleet.address(2)), () -> "the change is not noticed");
        int before = fleet.served(0) + fleet.served(1);
        answering(10);
        assertThat(fleet.served(0) + fleet.served(1)).isEqualTo(before);
    }

    @Test
    void anAnswerIsUsedForAsLongAsItHolds() throws Exception {
        names.a("long.test", 3600, Fleet.address(0)).a("short.test", 0, Fleet.address(1));
        rig.start(
                "dns: {servers: ['" + names.address() + "'], minTtl: 2ms, maxTtl: 1h, search: [], families: ipv4}",
                "upstreams: {fleet: {urls: ['http://long.test:1', 'http://short.test:1']}}",
                ROUTES);

        Rig.until(() -> names.asked("short.test") > 10, () -> "it is not looked up again");
        assertThat(names.asked("long.test")).isOne();
    }

    @Test
    void anAnswerIsUsedNoLongerThanTheMostConfigured() throws Exception {
        names.a("fleet.test", 3600, Fleet.address(0));
        startByName();
        Rig.until(() -> names.asked("fleet.test") > 3, () -> "it is not looked up again");
    }

    private int status() {
        try {
            return rig.ask("GET", "/").status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void changesUnderLoadFailNoRequest() throws Exception {
        names.a("fleet.test", 0, Fleet.address(0));
        startByName();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger bad = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread caller = new Thread(() -> {
                while (!over.get()) {
                    bad.addAndGet(status() == 200 ? 0 : 1);
                }
            });
            callers.add(caller);
            caller.start();
        }
        for (int change = 1; change < 30; change++) {
            String next = Fleet.address(change % 3);
            int before = fleet.served(change % 3);
            names.a("fleet.test", 0, next);
            int index = change % 3;
            Rig.until(() -> fleet.served(index) > before + 3, () -> "the change is not noticed");
        }
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(bad.get()).isZero();
    }

    @Test
    void aRequestUnderWayAtAnAddressThatVanishesEndsWell() throws Exception {
        CompletableFuture<HttpServerRequest> arrived = new CompletableFuture<>();
        fleet.behave(0, request -> {
            if (!arrived.complete(request)) {
                request.response().end(Fleet.address(0));
            }
        });
        names.a("fleet.test", 0, Fleet.address(0));
        startByName();
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(this::status);
        HttpServerRequest held = arrived.get();
        names.a("fleet.test", 0, Fleet.address(1));
        Rig.until(() -> gone(Fleet.address(0)), () -> "the change is not noticed");

        held.response().end("late");
        assertThat(status.get()).isEqualTo(200);
    }

    private boolean gone(String address) {
        try {
            return !rig.ask("GET", "/").body().isEmpty() && !answering(2).contains(address);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aServiceIsFoundByItsRecordsWithPriorityPortAndWeight() throws Exception {
        Fleet other = new Fleet(rig.vertx(), 1);
        names.srv(
                        "_http._tcp.fleet.test",
                        0,
                        "10 30 " + fleet.port() + " one.test",
                        "10 10 " + other.port() + " two.test",
                        "20 99 " + fleet.port() + " spare.test")
                .a("one.test", 0, Fleet.address(1))
                .a("two.test", 0, Fleet.address(0))
                .a("spare.test", 0, Fleet.address(2));
        start("srv+http://_http._tcp.fleet.test");

        answering(40);
        assertThat(fleet.served(1)).isEqualTo(30);
        assertThat(other.served(0)).isEqualTo(10);
        assertThat(fleet.served(2)).isZero();
        assertThat(fleet.seen(1).get(0).getHeader("host")).isEqualTo("fleet.test:" + fleet.port());
        assertThat(rig.log(40).get(0)).contains("\"target\":\"_http._tcp.fleet.test\"");

        names.srv("_http._tcp.fleet.test", 0, "20 99 " + fleet.port() + " spare.test");
        Rig.until(() -> answeredBy(Fleet.address(2)), () -> "the change is not noticed");
    }

    @Test
    void shortNamesAreTriedInTheSearchDomains() throws Exception {
        names.a("fleet.shop.svc.test", 0, Fleet.address(0)).srv("_http._tcp.fleet.shop.svc.test", 0, service());
        rig.start(
                "dns: {servers: ['" + names.address()
                        + "'], ndots: 5, search: [absent.test, svc.test], families: ipv4}",
                "upstreams: {fleet: {urls: ['http://fleet.shop:" + fleet.port()
                        + "', 'srv+http://_http._tcp.fleet.shop']}}",
                ROUTES);

        Rig.until(() -> answeredBy(Fleet.address(0), Fleet.address(1)), () -> "one of both is not found");
        assertThat(names.asked("fleet.shop.absent.test")).isPositive();
        assertThat(names.asked("fleet.shop")).isZero();
    }

    private String service() {
        names.a("one.test", 3600, Fleet.address(1));
        return "1 1 " + fleet.port() + " one.test";
    }

    @Test
    void bothKindsOfAddressesServe() throws Exception {
        HttpServer six = rig.vertx().createHttpServer().requestHandler(request -> request.response()
                .end("six"));
        Rig.await(six.listen(fleet.port(), "::1"));
        names.a("fleet.test", 0, Fleet.address(0)).aaaa("fleet.test", 0, "::1");
        rig.start(
                "dns: {servers: ['" + names.address() + "'], families: both, search: []}",
                "upstreams: {fleet: {url: 'http://fleet.test:" + fleet.port() + "'}}",
                ROUTES);

        assertThat(answering(4)).containsExactly(Fleet.address(0), "six");
    }

    @Test
    void thisMachineNeedsNoNameServer() throws Exception {
        names.feel(NameServer.Mood.SILENT);
        start("http://localhost:" + rig.backend().port());

        assertThat(status()).isEqualTo(200);
        assertThat(names.asked()).isZero();
    }
}
