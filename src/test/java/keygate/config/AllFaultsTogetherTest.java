package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One reading finds every mistake of a file, in the order of the file, each exactly once. */
final class AllFaultsTogetherTest {
    @Test
    void mistakesOfAllKindsAreReportedTogether() {
        List<Fault> faults = Texts.faults("""
                server:
                  port: 70000
                  maxHeader: 16
                  trustedHops: [10.0.0.0/8, here]
                managment: {}
                unkey:
                  timeout: 2
                  rootKey: ${NOT_SET}
                verdicts:
                  denied: 5s
                upstreams:
                  api: {url: ftp://h}
                defaults:
                  auth: always
                routes:
                  - path: v1
                    upstream: apy
                    tags: ["{who}", "{what}"]
                  - path: /a
                    upstream: api
                    permissions: a AND
                    ratelimits: [{name: x}]
                  - path: /a
                    upstream: api
                """);

        assertThat(faults.stream().map(fault -> fault.line() + " " + fault.path()))
                .containsExactly(
                        "2 server.port",
                        "3 server.maxHeader",
                        "4 server.trustedHops[1]",
                        "5 managment",
                        "7 unkey.timeout",
                        "8 unkey.rootKey",
                        "10 verdicts.denied",
                        "12 upstreams.api.url",
                        "14 defaults.auth",
                        "16 routes[0].path",
                        "17 routes[0].upstream",
                        "18 routes[0].tags[0]",
                        "18 routes[0].tags[1]",
                        "21 routes[1].permissions",
                        "22 routes[1].ratelimits[0].name",
                        "23 routes[2]");
    }

    @Test
    void aMistakeInDefaultsIsReportedOnceHoweverManyRoutesInheritIt() {
        List<Fault> faults = Texts.faults(Texts.LEAST + """
                defaults:
                  auth: always
                  upstream: none
                  credits: -1
                  permissions: a AND
                  preserveHost: maybe
                  key: [baerer]
                  tags: ["{who}", ""]
                  ratelimits: [{name: abc, limit: 1}, requests]
                  timeouts: {idle: 1, response: 2x}
                  rewrite: {stripPrefix: a}
                routes:
                  - path: /a
                  - path: /b
                  - path: /c
                """);

        assertThat(faults.stream().map(Fault::path))
                .containsExactly(
                        "defaults.auth",
                        "defaults.upstream",
                        "defaults.credits",
                        "defaults.permissions",
                        "defaults.preserveHost",
                        "defaults.key[0]",
                        "defaults.tags[0]",
                        "defaults.tags[1]",
                        "defaults.ratelimits[0]",
                        "defaults.ratelimits[1]",
                        "defaults.timeouts.idle",
                        "defaults.timeouts.response",
                        "defaults.rewrite.stripPrefix");
    }

    @Test
    void aMistakeInDefaultsIsReportedEvenWhereEveryRouteOverridesIt() {
        List<Fault> faults = Texts.faults(Texts.LEAST + """
                defaults: {auth: always, upstream: none}
                routes:
                  - {path: /a, auth: none, upstream: api}
                """);

        assertThat(faults.stream().map(Fault::path)).containsExactly("defaults.auth", "defaults.upstream");
    }

    @Test
    void whatEachRouteLacksIsReportedOnEach() {
        List<Fault> faults = Texts.faults(Texts.LEAST + """
                defaults: {auth: none}
                routes:
                  - path: /a
                  - upstream: api
                  - name: x
                """);

        assertThat(faults.stream().map(fault -> fault.line() + " " + fault.path()))
                .containsExactlyInAnyOrder(
                        "5 routes[0].upstream", "6 routes[1].path", "7 routes[2].path", "7 routes[2].upstream");
    }

    @Test
    void routesWhoseAddressIsWrongDoNotClash() {
        List<Fault> faults = Texts.faults(Texts.LEAST + """
                defaults: {auth: none, upstream: api}
                routes:
                  - {path: /a}
                  - {path: /a, methods: GET}
                  - {path: /a, host: "no host"}
                  - {path: a}
                  - {path: a}
                """);

        assertThat(faults.stream().map(Fault::path))
                .containsExactly("routes[1].methods", "routes[2].host", "routes[3].path", "routes[4].path");
    }

    @Test
    void aRouteThatClashesWithManyIsReportedOnce() {
        List<Fault> faults = Texts.faults(Texts.LEAST + """
                defaults: {auth: none, upstream: api}
                routes: [{path: /a}, {path: /a}, {path: /a}, {path: /b, methods: [GET]}, {path: /b, methods: [POST]},
                  {path: /b, methods: [GET, POST]}, {path: /b}]
                """);

        assertThat(faults.stream().map(Fault::path)).containsExactly("routes[1]", "routes[2]", "routes[5]");
    }

    @Test
    void theExceptionListsEveryFaultOnItsOwnLine() {
        List<Fault> faults = Texts.faults("server: {port: x, drain: y}");

        assertThat(faults).hasSizeGreaterThan(2);
        assertThat(new ConfigException(faults))
                .hasMessage(
                        String.join("\n", faults.stream().map(Fault::toString).toList()));
    }
}
