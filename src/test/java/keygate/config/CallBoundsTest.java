package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import keygate.judge.JudgeSettings.StrangerSettings;
import keygate.limit.SettleSettings;
import keygate.unkey.Secret;
import org.junit.jupiter.api.Test;

/** What is owed to Unkey and what unknown keys may cost is bounded, also where the file says nothing. */
final class CallBoundsTest {
    private static final String ROUTES = "routes: [{path: /a, upstream: api}]\n";

    @Test
    void aFileThatSaysNothingHasTheCodesBounds() {
        Settings settings = Texts.load(Texts.LEAST + ROUTES);

        assertThat(settings.settle()).isEqualTo(new SettleSettings(1_000, Duration.ofSeconds(5), 10));
        assertThat(settings.verdicts().strangers())
                .isEqualTo(new StrangerSettings(64, 1024, Duration.ofSeconds(2), 100, Duration.ofMinutes(1)));
        assertThat(settings.unkey().canary()).isNull();
        assertThat(settings.rules().get(0).identify().keyPrefix()).isEmpty();
    }

    @Test
    void everyBoundIsRead() {
        Settings settings = Texts.load(Texts.LEAST + ROUTES + """
                settle: {maxUnits: 7, maxAge: 8s, margin: 9}
                verdicts: {unknown: {maxCalls: 1, maxWaiting: 2, maxWait: 3s, perClient: 4, window: 5s}}
                """);

        assertThat(settings.settle()).isEqualTo(new SettleSettings(7, Duration.ofSeconds(8), 9));
        assertThat(settings.verdicts().strangers())
                .isEqualTo(new StrangerSettings(1, 2, Duration.ofSeconds(3), 4, Duration.ofSeconds(5)));
    }

    @Test
    void theCanaryIsReadLikeTheRootKeyAndPrintsAsNothing() {
        Settings settings = Texts.load("""
                upstreams: {api: {url: "http://127.0.0.1:3000"}}
                unkey: {rootKey: root, canary: "${UNKEY_ROOT_KEY}"}
                """ + ROUTES);

        assertThat(settings.unkey().canary()).usingRecursiveComparison().isEqualTo(new Secret(Texts.ROOT_KEY));
        assertThat(settings.unkey().toString()).doesNotContain(Texts.ROOT_KEY);
    }

    @Test
    void anEmptyCanaryIsNone() {
        Settings settings = Texts.load("""
                upstreams: {api: {url: "http://127.0.0.1:3000"}}
                unkey: {rootKey: root, canary: "${EMPTY}"}
                """ + ROUTES);

        assertThat(settings.unkey().canary()).isNull();
    }

    @Test
    void aKeysPrefixIsInheritedAndOverridden() {
        assertThat(Texts.rule("upstream: api, keyPrefix: sk_", "").identify().keyPrefix())
                .isEqualTo("sk_");
        assertThat(Texts.rule("upstream: api, keyPrefix: sk_", "keyPrefix: pk_")
                        .identify()
                        .keyPrefix())
                .isEqualTo("pk_");
        assertThat(Texts.rule("upstream: api, keyPrefix: sk_", "keyPrefix: \"\"")
                        .identify()
                        .keyPrefix())
                .isEmpty();
    }
}
