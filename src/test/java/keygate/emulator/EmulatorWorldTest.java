package keygate.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A world can be changed from any thread while it runs, and its counters add up exactly. */
final class EmulatorWorldTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void manyCallersTogetherSpendEachCreditAndTokenOnce() {
        bench.world
                .key("k_1")
                .credits(40)
                .ratelimit("requests", 1000, 60_000, true)
                .add();
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(bench.verifyAsync("k_1"));
        }
        long valid = calls.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.code().equals("VALID"))
                .count();
        assertThat(valid).isEqualTo(40);
        assertThat(bench.world.spent("k_1")).isEqualTo(40);
        assertThat(bench.world.credits("k_1")).hasValue(0);
        assertThat(bench.world.used("k_1", "requests")).isEqualTo(100);
    }

    @Test
    void changesMadeWhileItRunsShowAtOnce() {
        bench.world.key("k_1").add();
        assertThat(bench.verify("k_1").code()).isEqualTo("VALID");
        bench.world.disable("k_1");
        assertThat(bench.verify("k_1").code()).isEqualTo("DISABLED");
        bench.world.enable("k_1");
        bench.world.delete("k_1");
        assertThat(bench.verify("k_1").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aRoleChangesAllItsKeys() {
        bench.world.role("reader", "a.read");
        bench.world.key("k_1").roles("reader").add();
        assertThat(bench.verify("k_1", "'permissions':'a.read'").code()).isEqualTo("VALID");
        bench.world.role("reader");
        assertThat(bench.verify("k_1", "'permissions':'a.read'").code()).isEqualTo("INSUFFICIENT_PERMISSIONS");
    }

    @Test
    void aDraftDoesNothingBeforeItIsAdded() {
        KeyDraft draft = bench.world.key("k_1").name("n");
        assertThat(bench.world.keyId("k_1")).isEmpty();
        String id = draft.add();
        assertThat(bench.world.keyId("k_1")).hasValue(id);
        assertThatThrownBy(() -> bench.world.key("k_1").add()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bench.world.key("k_2").keyId(id).add()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bench.world.key("k_3").save()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsNotThereCannotBeChanged() {
        assertThatThrownBy(() -> bench.world.update("k_secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("k_secret");
        assertThatThrownBy(() -> bench.world.credits("k_secret")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bench.world.allowIps("api_none")).isInstanceOf(IllegalArgumentException.class);
        assertThat(bench.world.removeApi("api_none")).isFalse();
        assertThat(bench.world.removeWorkspace("ws_none")).isFalse();
    }

    @Test
    void idsFollowFromWhatTheyNameAndStayTheSame() {
        World other = World.empty(new TestClock());
        assertThat(bench.world.key("k_1").add())
                .isEqualTo(other.key("k_1").add())
                .startsWith("key_");
        assertThat(bench.world.identity("user_1").save())
                .isEqualTo(other.identity("user_1").save())
                .startsWith("id_");
    }

    @Test
    void metaIsCopiedWhenItIsGiven() {
        Map<String, Object> meta = new java.util.HashMap<>(Map.of("plan", "pro"));
        bench.world.key("k_1").meta(meta).add();
        meta.put("plan", "free");
        assertThat(bench.verify("k_1").data().at("/meta/plan").asText()).isEqualTo("pro");
    }

    @Test
    void limitsCanBeTakenAwayAndKeysMoved() {
        bench.world
                .key("k_1")
                .ratelimit("requests", 1, 60_000, true)
                .identity("user_1")
                .add();
        bench.verify("k_1");
        bench.world.update("k_1").withoutRatelimits().identity(null).save();
        Answer answer = bench.verify("k_1");
        assertThat(answer.code()).isEqualTo("VALID");
        assertThat(answer.data().has("identity")).isFalse();
        bench.world.identity("user_1").ratelimit("tokens", 5, 1000, true).save();
        bench.world.update("k_1").identity("user_1").save();
        assertThat(bench.verify("k_1").remaining("tokens")).isEqualTo(4);
        bench.world.identity("user_1").withoutRatelimits().save();
        assertThat(bench.verify("k_1").data().has("ratelimits")).isFalse();
    }

    @Test
    void aTakenPortFailsTheStart() {
        io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
        java.util.concurrent.CompletableFuture<Emulator> second = Emulator.start(
                        vertx, World.empty(new TestClock()), bench.emulator.port())
                .toCompletionStage()
                .toCompletableFuture();
        assertThatThrownBy(second::join).hasRootCauseInstanceOf(java.net.BindException.class);
        Bench.await(vertx.close());
    }

    @Test
    void portZeroPicksAFreePort() {
        assertThat(bench.emulator.port()).isPositive();
        assertThat(bench.emulator.baseUrl()).isEqualTo("http://127.0.0.1:" + bench.emulator.port());
        assertThat(bench.emulator.world()).isSameAs(bench.world);
    }
}
