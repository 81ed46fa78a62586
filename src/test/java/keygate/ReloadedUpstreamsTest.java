package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import keygate.rig.Fleet;
import keygate.rig.NameServer;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;

/** What is known of an upstream outlives a change of its configuration; what looked after it does not. */
final class ReloadedUpstreamsTest extends FleetByName {
    private static final String EJECTION = "ejection: {failures: 1, base: 1s, maxShare: 100}";

    private String dns(String timeout) {
        return "dns: {servers: ['" + names.address() + "'], minTtl: 2ms, maxTtl: 20ms, timeout: " + timeout
                + ", search: [], families: ipv4}";
    }

    private void reload(String fleet, String... more) {
        rig.reload(dns("500ms"), "upstreams: {fleet: {" + fleet + "}" + String.join("", more) + "}", ROUTES);
    }

    private String counted(String name, String target) throws IOException {
        String start = name + "{target=\"" + target + ":" + fleet.port() + "\",upstream=\"fleet\"} ";
        List<String> lines = rig.metrics()
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    @Test
    void whatIsCountedOfATargetGoesOn() throws Exception {
        String urls = "urls: ['" + fleet.url(0) + "', '" + fleet.url(1) + "'], " + EJECTION;
        start(fleet.url(0));
        reload(urls);
        fleet.stop(1);
        answering(4);
        assertThat(counted("keygate_upstream_ejections_total", Fleet.address(1)))
                .isEqualTo("1.0");

        reload(urls + ", maxPending: 7");
        assertThat(counted("keygate_upstream_ejections_total", Fleet.address(1)))
                .isEqualTo("1.0");
        answering(4);

        assertThat(counted("keygate_upstream_ejections_total", Fleet.address(1)))
                .isEqualTo("2.0");
        assertThat(counted("keygate_upstream_in_flight", Fleet.address(0))).isEqualTo("0.0");
    }

    @Test
    void aTargetThatIsLeftAloneStaysSoWhileItsUpstreamIsTheSame() throws Exception {
        String same = "urls: ['" + fleet.url(0) + "', '" + fleet.url(1) + "'], " + EJECTION;
        start(fleet.url(0));
        reload(same);
        fleet.stop(1);
        answering(4);

        reload(same, ", other: {url: '" + fleet.url(2) + "'}");
        answering(4);

        assertThat(counted("keygate_upstream_ejections_total", Fleet.address(1)))
                .isEqualTo("1.0");
    }

    @Test
    void noRequestWaitsForANameThatWasLookedUpBefore() throws Exception {
        String dns = dns("30s");
        String url = "upstreams: {fleet: {url: 'http://fleet.test:" + fleet.port() + "'";
        names.a("fleet.test", 0, Fleet.address(0));
        rig.start(dns, url + "}}", ROUTES);
        assertThat(answering(2)).containsExactly(Fleet.address(0));
        names.feel(NameServer.Mood.SILENT);

        rig.reload(dns, url + ", maxPending: 7}}", ROUTES);

        assertThat(answering(2)).containsExactly(Fleet.address(0));
    }

    @Test
    void anotherNameIsLookedUpAndTheOneBeforeIsNotAnyMore() throws Exception {
        names.a("fleet.test", 0, Fleet.address(0)).a("other.test", 0, Fleet.address(1));
        startByName();
        assertThat(answering(1)).containsExactly(Fleet.address(0));

        reload("url: 'http://other.test:" + fleet.port() + "'");

        assertThat(answering(2)).containsExactly(Fleet.address(1));
        // One question may have been under way.
        long before = names.asked("fleet.test") + 1;
        long others = names.asked("other.test");
        Rig.until(() -> names.asked("other.test") > others + 5, () -> "it is looked up once");
        assertThat(names.asked("fleet.test")).isLessThanOrEqualTo(before);
    }

    @Test
    void theHealthOfAnUpstreamIsAskedForAsItsNewConfigurationSays() throws Exception {
        start(fleet.url(0));
        String health = "url: '" + fleet.url(0) + "', health: {interval: 2ms, path: ";
        reload(health + "/old}");
        Rig.until(() -> probes("/old") > 2, () -> "no probe is sent");

        reload(health + "/new}");
        Rig.until(() -> probes("/new") > 0, () -> "no probe is sent");
        // One may have been under way.
        long before = probes("/old") + 1;
        long others = probes("/new");
        Rig.until(() -> probes("/new") > others + 5, () -> "probes have ended");
        assertThat(probes("/old")).isLessThanOrEqualTo(before);
    }

    private long probes(String path) {
        return fleet.seen(0).stream()
                .filter(request -> request.path().equals(path))
                .count();
    }

    @Test
    void connectionsThatAskedForTheHealthOfOneThatIsGoneAreClosed() throws Exception {
        start(fleet.url(0));
        reload("url: '@backend', keepAlive: 1h, health: {interval: 1h, path: /healthz}");
        Rig.until(() -> rig.backend().connections() == 1, () -> "no probe is sent");

        reload("url: '" + fleet.url(0) + "'");

        Rig.until(() -> rig.backend().connections() == 0, () -> "the connection stays open");
    }
}
