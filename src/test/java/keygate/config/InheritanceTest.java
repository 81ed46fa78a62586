package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import keygate.identify.IdentifyRule.Auth;
import keygate.identify.KeyPlace;
import keygate.judge.Asks;
import keygate.modify.Rewrite;
import org.junit.jupiter.api.Test;

/** A route has what it says itself, else what the defaults say, else what the code says. */
final class InheritanceTest {
    private static final String ALL = """
            upstream: other, auth: optional, key: [{cookie: a}], permissions: a.b, credits: 7,
              ratelimits: [{name: abc}], tags: [a, b], clientIpAllowList: true, timeouts: {response: 1s, idle: 2s},
              rewrite: {stripPrefix: /v1}, preserveHost: false""";

    @Test
    void aBareRouteHasWhatTheCodeSays() {
        Rule rule = Texts.rule("upstream: api", "");

        assertThat(rule.identify().auth()).isEqualTo(Auth.REQUIRED);
        assertThat(rule.identify().places()).containsExactly(new KeyPlace.Bearer());
        assertThat(rule.judge().asks()).isEqualTo(Asks.NOTHING);
        assertThat(rule.judge().tags()).isEmpty();
        assertThat(rule.judge().byClientIp()).isFalse();
        assertThat(rule.modify().preserveHost()).isTrue();
        assertThat(rule.modify().rewrite()).isEqualTo(Rewrite.NONE);
        assertThat(rule.proxy().timeouts().response()).isEqualTo(Duration.ofSeconds(30));
        assertThat(rule.proxy().timeouts().idle()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void everyInheritableKeyIsInherited() {
        Rule rule = Texts.rule(ALL, "");

        assertThat(rule.identify().auth()).isEqualTo(Auth.OPTIONAL);
        assertThat(rule.identify().places()).containsExactly(new KeyPlace.InCookie("a"));
        assertThat(rule.judge().asks()).isEqualTo(new Asks("a.b", 7L, List.of(new Asks.Limit("abc", 1, null, null))));
        assertThat(rule.judge().tags()).containsExactly("a", "b");
        assertThat(rule.judge().byClientIp()).isTrue();
        assertThat(rule.modify().preserveHost()).isFalse();
        assertThat(rule.modify().rewrite()).isEqualTo(new Rewrite(1, ""));
        assertThat(rule.proxy().shares().get(0).upstream().name()).isEqualTo("other");
        assertThat(rule.proxy().timeouts().response()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rule.proxy().timeouts().idle()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void everyInheritableKeyCanBeOverridden() {
        Rule rule = Texts.rule(ALL, """
                upstream: api, auth: required, key: [bearer], permissions: c, credits: 0,
                  ratelimits: [], tags: [c], clientIpAllowList: false, timeouts: {response: 3s, idle: 4s},
                  rewrite: {stripPrefix: /}, preserveHost: true""");

        assertThat(rule.identify().auth()).isEqualTo(Auth.REQUIRED);
        assertThat(rule.identify().places()).containsExactly(new KeyPlace.Bearer());
        assertThat(rule.judge().asks()).isEqualTo(new Asks("c", 0L, List.of()));
        assertThat(rule.judge().tags()).containsExactly("c");
        assertThat(rule.judge().byClientIp()).isFalse();
        assertThat(rule.modify().preserveHost()).isTrue();
        assertThat(rule.modify().rewrite()).isEqualTo(Rewrite.NONE);
        assertThat(rule.proxy().shares().get(0).upstream().name()).isEqualTo("api");
        assertThat(rule.proxy().timeouts().response()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rule.proxy().timeouts().idle()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void timeoutsAreInheritedOneByOne() {
        Rule rule = Texts.rule("upstream: api, timeouts: {response: 1s, idle: 2s}", "timeouts: {idle: 3s}");

        assertThat(rule.proxy().timeouts().response()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rule.proxy().timeouts().idle()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void listsAreReplacedNotExtended() {
        Rule rule = Texts.rule(
                "upstream: api, tags: [a, b], key: [bearer, {query: q}], ratelimits: [{name: abc}]",
                "tags: [c], key: [{header: X-Key}], ratelimits: [{name: xyz}]");

        assertThat(rule.judge().tags()).containsExactly("c");
        assertThat(rule.identify().places()).containsExactly(new KeyPlace.InHeader("X-Key", null));
        assertThat(rule.judge().asks().limits()).extracting(Asks.Limit::name).containsExactly("xyz");
    }

    @Test
    void aRewriteOfAnotherKindReplacesTheInheritedOne() {
        Rule rule = Texts.rule(
                "upstream: api, rewrite: {stripPrefix: /v1}", "rewrite: {replacePrefix: /v1/pets, with: /api}");

        assertThat(rule.modify().rewrite()).isEqualTo(new Rewrite(2, "/api"));
    }

    @Test
    void tagsOfDefaultsAreFilledInForEachRoute() {
        Rule rule = Texts.rule("upstream: api, tags: [\"r={route}\", \"p={path}\", \"m={method}\"]", "name: pets");

        assertThat(rule.judge().tags()).containsExactly("r=pets", "p=/v1/pets", "m={method}");
    }

    @Test
    void anAddressIsNotInherited() {
        for (String own : List.of("name: a", "host: h", "path: /a", "methods: [GET]")) {
            List<Fault> faults =
                    Texts.faults(Texts.LEAST + "defaults: {upstream: api, " + own + "}\nroutes: [{path: /a}]");

            assertThat(faults).as(own).hasSize(1);
            assertThat(faults.get(0).problem()).as(own).isEqualTo("this key is not inherited");
        }
    }

    @Test
    void aliasesStandForWhatTheyName() {
        Settings settings = Texts.load(Texts.LEAST + """
                routes:
                  - {path: /a, upstream: api, timeouts: &slow {response: 70s}}
                  - {path: /b, upstream: api, timeouts: *slow}
                """);

        assertThat(settings.rules())
                .extracting(rule -> rule.proxy().timeouts().response())
                .containsExactly(Duration.ofSeconds(70), Duration.ofSeconds(70));
    }

    @Test
    void aNameIsMadeOfMethodsHostAndPath() {
        Settings settings = Texts.load(Texts.LEAST + """
                defaults: {upstream: api}
                routes:
                  - {path: /a}
                  - {path: /a, methods: [POST, PUT]}
                  - {path: "/b/{id}", host: "*.H.example"}
                  - {path: /c, name: see}
                """);

        assertThat(settings.rules())
                .extracting(rule -> rule.route().name())
                .containsExactly("/a", "POST,PUT /a", "*.h.example/b/{id}", "see");
    }
}
