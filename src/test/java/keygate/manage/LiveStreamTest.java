package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page is for all and its numbers for operators; so many pages at most, and nothing is left of one that goes. */
final class LiveStreamTest {
    private static final String TOKEN = "a-token-of-16-or-more";
    private static final int MOST_PAGES = 16;

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void thePageHoldsNothingAndRunsNothingButItsScript() throws Exception {
        rig.start("management: {port: 0, token: " + TOKEN + "}");
        Map<String, String> types = Map.of(
                "/", "text/html; charset=utf-8",
                "/live.css", "text/css; charset=utf-8",
                "/live.js", "text/javascript; charset=utf-8");
        for (String path : types.keySet()) {
            Wire.Answer answer = new Operator(rig).send("GET", path, "");
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo(types.get(path));
            assertThat(answer.header("content-security-policy"))
                    .contains("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
                    .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
                    .doesNotContain("unsafe", "http:", "*");
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.body())
                    .doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=", "onclick")
                    .doesNotContainPattern("(src|href|url)[=(]\"?https?:");
        }
        assertThat(new Operator(rig).send("GET", "/", "").body()).doesNotContainPattern("<script(?! src=\"/live.js\")");
    }

    @Test
    void theNumbersNeedTheToken() throws Exception {
        rig.start("management: {port: 0, token: " + TOKEN + "}");

        Wire.Answer refused = new Operator(rig).send("GET", "/live", "");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("content-type")).isEqualTo("application/json");
        try (LiveStream live = new LiveStream(rig, "Authorization: Bearer " + TOKEN)) {
            assertThat(live.head().status()).isEqualTo(200);
            assertThat(live.head().header("content-type")).isEqualTo("text/event-stream");
            assertThat(live.head().header("cache-control")).isEqualTo("no-store");
            assertThat(live.next().get("ready").booleanValue()).isTrue();
            assertThat(live.next().get("ready").booleanValue()).isTrue();
        }
    }

    @Test
    void aPageIsToldWhatHappens() throws Exception {
        rig.world().key("good").ratelimit("requests", 100, 60_000, true).add();
        rig.world().key("spent").ratelimit("few", 1, 60_000, true).add();
        rig.start("routes: [{name: all, path: /**, upstream: backend}]");
        try (LiveStream live = new LiveStream(rig)) {
            assertThat(live.next().get("seconds").intValue()).isZero();
            for (int i = 0; i < 3; i++) {
                rig.get("/", "good");
            }
            rig.get("/", "spent");
            rig.get("/", "spent");
            rig.log(5);
            JsonNode json = live.afterOneSecond();

            assertThat(json.at("/seconds").intValue()).isEqualTo(1);
            assertThat(json.at("/requests").toString())
                    .isEqualTo("{\"perSecond\":5.0,\"refusedPerSecond\":1.0,\"series\":[5.0],\"refusedSeries\":[1.0]}");
            assertThat(json.at("/routes/0/route").textValue()).isEqualTo("all");
            assertThat(json.at("/routes/0/lastMinute").intValue()).isEqualTo(5);
            assertThat(json.at("/reasons/0").toString())
                    .isEqualTo("{\"reason\":\"rate_limited\",\"perSecond\":1.0,\"lastMinute\":1,\"blame\":\"caller\"}");
            assertThat(json.at("/reasons/1/reason").textValue()).isEqualTo("served");
            assertThat(json.at("/calls/lastMinute").intValue()
                            + json.at("/calls/savedLastMinute").intValue())
                    .isEqualTo(5);
            assertThat(json.at("/unsettled/owed").intValue()).isEqualTo(2);
            assertThat(json.at("/unsettled/most/mayOwe").intValue()).isEqualTo(10);
            assertThat(json.at("/limits/0/name").textValue()).isEqualTo("few");
            assertThat(json.at("/limits/0/remaining").intValue()).isZero();
            assertThat(json.at("/limits/0/limit").intValue()).isEqualTo(1);
            assertThat(json.at("/limits").size()).isEqualTo(1);
            assertThat(json.at("/targets/0/up").intValue()).isEqualTo(1);
            assertThat(json.at("/refusals").size()).isEqualTo(1);
            assertThat(json.at("/refusals/0/detail").textValue()).isEqualTo("the rate limit is used up: few");
        }
    }

    @Test
    void everyListHasAnEnd() throws Exception {
        StringBuilder routes = new StringBuilder("routes:\n");
        for (int i = 0; i < 14; i++) {
            rig.world().key("key" + i).ratelimit("few", 1 + i % 2, 60_000, true).add();
            routes.append("  - {name: r" + i + ", path: /" + i + ", upstream: backend}\n");
        }
        rig.start(routes.toString());
        try (LiveStream live = new LiveStream(rig)) {
            live.next();
            for (int i = 0; i < 14; i++) {
                rig.get("/" + i, "key" + i);
                rig.get("/" + i, "nobodys");
                rig.get("/" + i, i < 5 ? "nobodys" : "key" + i);
            }
            rig.log(42);
            rig.keygate().reloads().refuse(Collections.nCopies(20, "x".repeat(1000)));
            JsonNode json = live.afterOneSecond();

            assertThat(json.get("routes").size()).isEqualTo(12);
            assertThat(json.get("routesInAll").intValue()).isEqualTo(14);
            assertThat(json.get("limits").size()).isEqualTo(12);
            assertThat(json.get("refusals").size()).isEqualTo(12);
            assertThat(json.get("faults").size()).isEqualTo(8);
            assertThat(json.get("faultsInAll").intValue()).isEqualTo(20);
            assertThat(json.at("/faults/0").textValue()).hasSize(500);
        }
    }

    @Test
    void soManyPagesAtMostAndAllAreToldTheSame() throws Exception {
        rig.start();
        long before = rig.timers();
        List<LiveStream> pages = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_PAGES; i++) {
                pages.add(new LiveStream(rig));
                assertThat(pages.get(i).head().status()).isEqualTo(200);
            }
            assertThat(rig.timers()).isEqualTo(before + 1);
            Wire.Answer refused = new Operator(rig).send("GET", "/live", "");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("5");
            rig.clock().advance(Duration.ofSeconds(1));
            String now = rig.clock().instant().toString();
            Set<String> seen = new TreeSet<>();
            for (LiveStream page : pages) {
                String event = page.event();
                while (!event.contains(now)) {
                    event = page.event();
                }
                seen.add(event);
            }
            assertThat(seen).hasSize(1);
            pages.remove(0).close();
            Rig.until(this::hasRoom, () -> "no room though a page has gone");
        } finally {
            for (LiveStream page : pages) {
                page.close();
            }
        }
        Rig.until(() -> rig.timers() == before, () -> "numbers are still taken for nobody");
    }

    private boolean hasRoom() {
        try (LiveStream page = new LiveStream(rig)) {
            return page.head().status() == 200;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
