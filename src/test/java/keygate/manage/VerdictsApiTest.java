package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import keygate.rig.Operator;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operators see what is remembered of keys, but no key; and make the gateway forget it. */
final class VerdictsApiTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final Operator operator = new Operator(rig);

    private String keyId(String key) {
        return rig.world().keyId(key).orElseThrow();
    }

    private void remember(int keys) throws IOException {
        for (int i = 0; i < keys; i++) {
            rig.world()
                    .key("secret-" + i)
                    .identity(i % 2 == 0 ? "acme" : "other")
                    .add();
            assertThat(rig.get("/", "secret-" + i).status()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerIsShownWithWhatItSaysAndWhatWasAsked() throws Exception {
        rig.world()
                .key("good")
                .identity("acme")
                .name("ci")
                .credits(7)
                .permissions("pets.read")
                .ratelimit("requests", 10, 60_000, true)
                .add();
        rig.start("routes: [{path: /**, upstream: backend, permissions: pets.read, clientIpAllowList: true}]");
        rig.get("/", "good");

        JsonNode verdict = operator.call("verdicts.list", "{}").get(0);

        assertThat(verdict.get("code").textValue()).isEqualTo("valid");
        assertThat(verdict.get("keyId").textValue()).isEqualTo(keyId("good"));
        assertThat(verdict.get("name").textValue()).isEqualTo("ci");
        assertThat(verdict.get("externalId").textValue()).isEqualTo("acme");
        assertThat(verdict.get("holds").booleanValue()).isTrue();
        assertThat(verdict.get("ageMs").longValue()).isZero();
        assertThat(verdict.get("credits").longValue()).isEqualTo(6);
        assertThat(verdict.at("/ratelimits/0/remaining").longValue()).isEqualTo(9);
        assertThat(verdict.at("/asked/permissions").textValue()).isEqualTo("pets.read");
        assertThat(verdict.get("client").textValue()).isEqualTo("127.0.0.1");
        assertThat(verdict.get("unkeyRequestId").textValue()).startsWith("req_");
    }

    @Test
    void refusalsAreShownTooAndNoKeyAnywhere() throws Exception {
        rig.start();
        rig.get("/", "canary-nobodys-key");

        Wire.Answer answer = operator.post("verdicts.list", "{}");

        assertThat(answer.body()).contains("\"code\":\"not_found\"").doesNotContain("canary");
    }

    @Test
    void pagesHoldEveryAnswerOnceAndFiltersPick() throws Exception {
        rig.start();
        remember(11);

        List<JsonNode> all = operator.all("verdicts.list", 3, "");
        List<JsonNode> acme = operator.all("verdicts.list", 2, "\"externalId\":\"acme\",");
        JsonNode one = operator.call("verdicts.list", "{\"keyId\":\"" + keyId("secret-4") + "\"}");

        assertThat(ids(all)).hasSize(11);
        assertThat(all).hasSize(11);
        assertThat(acme)
                .hasSize(6)
                .allMatch(verdict -> verdict.get("externalId").textValue().equals("acme"));
        assertThat(one).hasSize(1);
    }

    @Test
    void whatIsHeldAllTheTimeIsOnExactlyOnePageWhileOthersComeAndGo() throws Exception {
        rig.start();
        remember(12);
        Set<String> kept = new HashSet<>();
        for (int i = 0; i < 12; i += 2) {
            kept.add(keyId("secret-" + i));
        }
        List<JsonNode> seen = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = operator.whole("verdicts.list", "{" + cursor + "\"limit\":2}");
            page.get("data").forEach(seen::add);
            cursor = Operator.next(page);
            rig.world().key("new-" + pages).add();
            rig.get("/", "new-" + pages);
            operator.call("verdicts.purge", "{\"keyId\":\"" + keyId("secret-" + (2 * pages + 1) % 12) + "\"}");
            pages++;
            assertThat(pages).as("a list that comes to an end").isLessThan(100);
        } while (!cursor.isEmpty());

        assertThat(seen.stream().map(each -> each.get("keyId").textValue()).filter(kept::contains))
                .containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void aPurgeSaysHowManyAnswersItForgotAndUnkeyIsAskedAgain() throws Exception {
        rig.start();
        remember(4);

        assertThat(purged("{\"keyId\":\"" + keyId("secret-0") + "\"}")).isEqualTo(1);
        assertThat(purged("{\"keyId\":\"" + keyId("secret-0") + "\"}")).isZero();
        assertThat(purged("{\"externalId\":\"other\"}")).isEqualTo(2);
        assertThat(purged("{\"all\":true}")).isEqualTo(1);
        long calls = rig.calls();
        rig.get("/", "secret-0");
        assertThat(rig.calls()).isEqualTo(calls + 1);
    }

    private long purged(String body) throws IOException {
        return operator.call("verdicts.purge", body).get("purged").longValue();
    }

    @Test
    void purgesUnderLoadFailNoRequestAndLeaveNothingBehind() throws Exception {
        rig.start();
        remember(4);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(2);
        List<Future<Integer>> asked = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                String key = "secret-" + i;
                asked.add(callers.submit(() -> again(over, key)));
            }
            for (int i = 0; i < 40; i++) {
                operator.call("verdicts.purge", i % 2 == 0 ? "{\"all\":true}" : "{\"externalId\":\"acme\"}");
                operator.all("verdicts.list", 1, "");
            }
            over.set(true);
            for (Future<Integer> one : asked) {
                assertThat(one.get(20, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            over.set(true);
            callers.shutdown();
        }
        purged("{\"all\":true}");
        assertThat(operator.call("verdicts.list", "{}")).isEmpty();
    }

    private int again(AtomicBoolean over, String key) throws IOException {
        int served = 0;
        while (!over.get() || served == 0) {
            assertThat(rig.get("/", key).status()).isEqualTo(200);
            served++;
        }
        return served;
    }

    private static Set<String> ids(List<JsonNode> verdicts) {
        Set<String> ids = new HashSet<>();
        verdicts.forEach(verdict -> ids.add(verdict.get("keyId").textValue()));
        return ids;
    }
}
