package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import keygate.HostileRow.Sight;
import keygate.rig.Recorder;
import keygate.rig.Recorder.Recorded;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * No request is smuggled: of whatever octets a caller sends, the upstream gets the requests that were judged, whole and
 * as they were declared, or none, and each that is answered is reported once.
 */
final class HostileRequestTest {
    private static final List<String> ROUTES = List.of(
            "routes:",
            "  - {path: /canary, upstream: backend}",
            "  - {path: /**, upstream: backend, auth: none}",
            // Lengths beyond it are not refused for being large, but looked at.
            "defaults: {maxBody: 1048576GiB}");

    @RegisterExtension
    private final Rig rig = new Rig();

    /** What an upstream has understood, once nothing is on its way any more. */
    private interface Witness {
        void forget();

        void check(HostileRow row) throws Exception;
    }

    /** Every octet that goes on is looked at. */
    @TestFactory
    Stream<DynamicContainer> onTheWire() throws IOException {
        Recorder recorder = new Recorder();
        start("upstreams: {backend: {url: '" + recorder.url() + "', keepAlive: 1s}}");
        Witness witness = new Witness() {
            @Override
            public void forget() {
                recorder.forget();
            }

            @Override
            public void check(HostileRow row) throws Exception {
                checkOctets(row, recorder);
            }
        };
        return rows(witness).onClose(() -> close(recorder));
    }

    /** The same, as a server that keeps its connections understands it. */
    @TestFactory
    Stream<DynamicContainer> asAServerReadsIt() throws IOException {
        List<String> whole = new CopyOnWriteArrayList<>();
        rig.backend().behave(request -> request.body().onSuccess(body -> {
            whole.add(request.method() + " " + request.uri() + " " + body.toString("ISO-8859-1"));
            request.response().putHeader("content-length", "0").end();
        }));
        start("");
        return rows(new Witness() {
            @Override
            public void forget() {
                whole.clear();
            }

            @Override
            public void check(HostileRow row) {
                assertThat(whole).isEqualTo(expected(row));
            }
        });
    }

    private void start(String upstreams) {
        rig.world().key("canary").identity("canary").add();
        List<String> yaml = new ArrayList<>(ROUTES);
        yaml.add(upstreams);
        rig.start(1, yaml.toArray(String[]::new));
    }

    /** What is not read is not tried. */
    @Test
    void allTablesAreRead() throws IOException {
        int rows = 0;
        for (Path table : HostileRow.tables()) {
            rows += HostileRow.of(table).size();
        }
        assertThat(rows).isGreaterThanOrEqualTo(600);
    }

    private Stream<DynamicContainer> rows(Witness witness) throws IOException {
        List<DynamicContainer> tables = new ArrayList<>();
        for (Path table : HostileRow.tables()) {
            tables.add(DynamicContainer.dynamicContainer(
                    table.getFileName().toString(),
                    HostileRow.of(table).stream()
                            .map(row -> DynamicTest.dynamicTest(row.name(), () -> holds(row, witness)))));
        }
        return tables.stream();
    }

    private void holds(HostileRow row, Witness witness) throws Exception {
        int before = rig.log(0).size();
        witness.forget();
        List<String> answers = row.verdict().get(0).startsWith("cut:") ? cut(row) : answers(row);
        long reported = answers.size();
        Rig.until(() -> rig.keygate().inFlight() == 0, () -> "requests were never reported");
        int lines = rig.log(before + (int) reported).size() - before;
        assertThat(answers).isEqualTo(statuses(row));
        assertThat(lines).as("access lines").isEqualTo((int) reported);
        witness.check(row);
    }

    /** The statuses of all answers, until the gateway closes. */
    private List<String> answers(HostileRow row) throws IOException {
        List<String> answers = new ArrayList<>();
        try (Wire wire = rig.wire()) {
            try {
                wire.send(row.octets() + HostileRow.octets(HostileRow.CANARY));
            } catch (SocketException closed) {
                // It was refused before it was all sent.
            }
            while (true) {
                Wire.Answer answer = wire.read();
                assertThat(answer.whole()).isTrue();
                if (answer.status() >= 400) {
                    assertThat(answer.body()).contains("\"requestId\":\"kg_", "\"type\":\"urn:keygate:reason:");
                }
                answers.add(Integer.toString(answer.status()));
            }
        } catch (EOFException | SocketException closed) {
            return answers;
        }
    }

    /** A caller that goes away in the middle: nobody can be answered. */
    private List<String> cut(HostileRow row) throws Exception {
        int before = rig.log(0).size();
        try (Wire wire = rig.wire()) {
            wire.send(row.octets());
            Rig.until(() -> rig.keygate().inFlight() == 1, () -> "the request never came in");
        }
        rig.log(before + 1);
        return List.of("cut");
    }

    private static List<String> statuses(HostileRow row) {
        return row.verdict().stream()
                .map(word -> word.equals("pass") || word.equals("canary") ? "200" : word)
                .map(word -> word.replace("broken:", "").replace("cut:1", "cut"))
                .toList();
    }

    private static List<String> expected(HostileRow row) {
        List<String> requests = new ArrayList<>();
        for (Sight sight : row.expected()) {
            requests.add(sight.method() + " " + sight.target() + " " + sight.body());
        }
        if (row.passesCanary()) {
            requests.add("GET /canary ");
        }
        return requests;
    }

    private static void checkOctets(HostileRow row, Recorder recorder) throws Exception {
        recorder.settle();
        List<Recorded> requests = recorder.requests();
        assertThat(recorder.faults()).isEmpty();
        assertThat(requests.stream()
                        .filter(Recorded::whole)
                        .map(request -> request.method() + " " + request.target() + " " + request.body()))
                .isEqualTo(expected(row));
        boolean mayBreak = row.verdict().get(0).matches("(broken|cut):.*");
        for (Recorded request : requests) {
            String octets = request.octets().toLowerCase(Locale.ROOT);
            assertThat(octets).doesNotContain("forged");
            assertThat(mayBreak || request.whole()).as(octets).isTrue();
            boolean judged = request.target().equals("/canary");
            assertThat(octets.contains("\nx-unkey")).as(octets).isEqualTo(judged);
            assertThat(octets.contains("\"subject\":\"canary\"")).isEqualTo(judged);
        }
        for (int i = 0; i < row.expected().size(); i++) {
            String head = requests.get(i).octets().toLowerCase(Locale.ROOT);
            row.expected().get(i).fields().forEach(field -> assertThat(head).contains(field.toLowerCase(Locale.ROOT)));
        }
    }

    private static void close(Recorder recorder) {
        try {
            recorder.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
