package keygate.unkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.emulator.Emulator;
import keygate.emulator.World;
import keygate.rig.Rig;
import keygate.rig.TestTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list is walked to its end, page by page, every key once; one that leads in a circle is given up. */
final class KeyListTest {
    @Test
    void everyKeyOfAnApiIsListedOnce() {
        Vertx vertx = Vertx.vertx();
        TestTime clock = new TestTime();
        World world = World.empty(clock);
        for (int i = 0; i < 23; i++) {
            world.key("key_number_" + i)
                    .permissions("p" + i)
                    .ratelimit("requests", 5, 60_000, true)
                    .add();
        }
        Emulator emulator = Rig.await(Emulator.start(vertx, world, 0));
        UnkeyApi api = api(vertx, clock, emulator.baseUrl());
        List<ListedKey> keys = new ArrayList<>();
        List<Integer> pages = new ArrayList<>();

        Rig.await(new KeyList(api, 10).walk(World.API, page -> {
            keys.addAll(page);
            pages.add(page.size());
        }));

        assertThat(pages).containsExactly(10, 10, 3);
        assertThat(keys).extracting(ListedKey::keyId).doesNotHaveDuplicates().hasSize(23);
        assertThat(keys.get(0).ratelimits()).isNotEmpty();
        assertThat(keys.get(0).enabled()).isTrue();
        api.close();
        Rig.await(emulator.close());
        Rig.await(vertx.close());
    }

    private static UnkeyApi api(Vertx vertx, TestTime clock, String url) {
        Duration second = Duration.ofSeconds(1);
        UnkeySettings settings = new UnkeySettings(
                URI.create(url),
                new Secret(World.ROOT_KEY),
                null,
                second.multipliedBy(5),
                second,
                second,
                2,
                8,
                1 << 20,
                null);
        CallLog log = new CallLog(new SimpleMeterRegistry(), clock.time());
        return new UnkeyApi(
                vertx,
                settings,
                new BackOff(clock.time()),
                new Breaker(clock.time()),
                new Skew(clock.time()),
                log,
                clock.time());
    }

    @Test
    void theCursorOfOnePageAsksForTheNext() throws Exception {
        AtomicInteger page = new AtomicInteger();
        try (Stub stub = new Stub(request -> {
            boolean last = page.incrementAndGet() == 3;
            String pagination = last ? "{\"hasMore\":false}" : "{\"cursor\":\"c" + page.get() + "\",\"hasMore\":true}";
            Stub.answering(200, "application/json", "{\"data\":[],\"pagination\":" + pagination + "}")
                    .handle(request);
        })) {
            Rig.await(new KeyList(stub.api(), 1000).walk("api_1", keys -> {}));

            assertThat(stub.received())
                    .extracting(Stub.Received::body)
                    .containsExactly(
                            "{\"apiId\":\"api_1\",\"limit\":100}",
                            "{\"apiId\":\"api_1\",\"limit\":100,\"cursor\":\"c1\"}",
                            "{\"apiId\":\"api_1\",\"limit\":100,\"cursor\":\"c2\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void aListThatLeadsInACircleEndsHoweverLargeTheCircleIs(int size) {
        AtomicInteger page = new AtomicInteger();
        try (Stub stub = new Stub(request -> {
            String cursor = "c" + page.getAndIncrement() % size;
            String body = "{\"data\":[],\"pagination\":{\"cursor\":\"" + cursor + "\",\"hasMore\":true}}";
            Stub.answering(200, "application/json", body).handle(request);
        })) {
            assertThatThrownBy(() -> Rig.await(new KeyList(stub.api(), 10).walk("api_1", keys -> {})))
                    .hasMessageContaining("the list leads in a circle");
            assertThat(stub.received()).hasSizeBetween(size + 1, 4 * size);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"hasMore\":true", "\"hasMore\":true,\"cursor\":\"\"", "\"hasMore\":true,\"cursor\":null"})
    void aListThatGoesOnNowhereEnds(String pagination) {
        String body = "{\"data\":[],\"pagination\":{" + pagination + "}}";
        try (Stub stub = new Stub(Stub.answering(200, "application/json", body))) {
            assertThatThrownBy(() -> Rig.await(new KeyList(stub.api(), 10).walk("api_1", keys -> {})))
                    .hasMessageContaining("but not where");
            assertThat(stub.received()).hasSize(1);
        }
    }

    @Test
    void aPageThatDidNotComeIsAskedForAgainAndGivenOnce() {
        AtomicInteger calls = new AtomicInteger();
        String last = "{\"data\":[{\"keyId\":\"key_1\",\"enabled\":true}],\"pagination\":{\"hasMore\":false}}";
        List<ListedKey> keys = new ArrayList<>();
        try (Stub stub = new Stub(request -> {
            boolean good = calls.incrementAndGet() == 3;
            Stub.answering(good ? 200 : 503, "text/html", good ? last : "<html>")
                    .handle(request);
        })) {
            Rig.await(new KeyList(stub.api(), 10).walk("api_1", keys::addAll));
        }
        assertThat(keys).extracting(ListedKey::keyId).containsExactly("key_1");
        assertThat(calls).hasValue(3);
    }

    @Test
    void aReaderThatFailsEndsTheWalk() {
        String body = "{\"data\":[],\"pagination\":{\"cursor\":\"c\",\"hasMore\":true}}";
        try (Stub stub = new Stub(Stub.answering(200, "application/json", body))) {
            assertThatThrownBy(() -> Rig.await(new KeyList(stub.api(), 10).walk("api_1", keys -> {
                        throw new IllegalStateException("read no further");
                    })))
                    .hasMessageContaining("read no further");
        }
    }
}
