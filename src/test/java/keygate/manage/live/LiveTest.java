package keygate.manage.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers are taken once for all pages and never twice at a time; a page that goes is forgotten, and so is a failure. */
final class LiveTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger taken = new AtomicInteger();
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile boolean holds;
    private volatile boolean fails;
    private final Live live = new Live(vertx, this::take);

    private byte[] take() throws InterruptedException {
        int number = taken.incrementAndGet();
        if (holds) {
            assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
        }
        if (fails) {
            throw new IllegalStateException("told to fail");
        }
        return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
    }

    private int start() {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> live.open(request.response()));
        return Rig.await(server.listen(0, "127.0.0.1")).actualPort();
    }

    private static Wire page(int port) throws Exception {
        Wire page = new Wire(port);
        page.send(Rig.request("GET", "/"));
        return page;
    }

    @AfterEach
    void close() {
        held.countDown();
        Rig.await(live.close());
        Rig.await(vertx.close());
    }

    @Test
    void whileTheyAreTakenTheyAreNotTakenAgain() throws Exception {
        holds = true;
        int port = start();
        try (Wire one = page(port);
                Wire other = page(port)) {
            Rig.until(() -> live.pages() == 2 && taken.get() > 0, () -> live.pages() + " pages");
            held.countDown();
            one.readHead();
            other.readHead();

            assertThat(one.chunk()).isEqualTo("data: 1\n\n");
            assertThat(other.chunk()).isEqualTo("data: 1\n\n");
        }
        Rig.until(() -> live.pages() == 0, () -> live.pages() + " pages");
    }

    @Test
    void aPageThatGoesInBetweenIsForgotten() throws Exception {
        holds = true;
        int port = start();
        Wire page = page(port);
        Rig.until(() -> taken.get() == 1, () -> "not taken");
        page.reset();
        Rig.until(() -> live.pages() == 0, () -> live.pages() + " pages");
        held.countDown();
        holds = false;

        try (Wire next = page(port)) {
            next.readHead();
            assertThat(next.chunk()).startsWith("data: ");
        }
    }

    @Test
    void aFailureEndsTheStreamsAndTheNextOneIsServed() throws Exception {
        fails = true;
        int port = start();
        try (Wire page = page(port)) {
            assertThat(page.isClosedByPeer()).isTrue();
        }
        fails = false;
        Rig.until(() -> live.pages() == 0, () -> live.pages() + " pages");

        try (Wire page = page(port)) {
            page.readHead();
            assertThat(page.chunk()).startsWith("data: ");
        }
    }
}
