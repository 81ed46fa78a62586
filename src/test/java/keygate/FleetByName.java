package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import keygate.rig.Fleet;
import keygate.rig.NameServer;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that is found by its name, whose addresses a name server of the test tells. */
abstract class FleetByName {
    static final String ROUTES = "routes: [{path: /**, upstream: fleet, auth: none, preserveHost: false}]";

    @RegisterExtension
    final Rig rig = new Rig();

    final NameServer names = new NameServer();
    Fleet fleet;

    @BeforeEach
    void sets() throws IOException {
        fleet = new Fleet(rig.vertx(), 3);
    }

    @AfterEach
    void closes() {
        names.close();
    }

    void start(String url, String... dns) {
        rig.start(
                "dns: {servers: ['" + names.address() + "'], minTtl: 2ms, maxTtl: 20ms, timeout: 500ms, search: [], "
                        + "families: ipv4" + String.join("", dns) + "}",
                "upstreams: {fleet: {url: '" + url + "', connectTimeout: 5s}}",
                ROUTES);
    }

    void startByName() {
        start("http://fleet.test:" + fleet.port());
    }

    /** Who answers as many requests. */
    Set<String> answering(int requests) throws IOException {
        Set<String> bodies = new TreeSet<>();
        for (int i = 0; i < requests; i++) {
            Wire.Answer answer = rig.ask("GET", "/");
            assertThat(answer.status()).isEqualTo(200);
            bodies.add(answer.body());
        }
        return bodies;
    }

    boolean answeredBy(String... addresses) {
        try {
            return answering(6).equals(Set.of(addresses));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    double failedLookups() throws IOException {
        return rig.metrics()
                .lines()
                .filter(line -> line.startsWith("keygate_upstream_lookups_failed_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
