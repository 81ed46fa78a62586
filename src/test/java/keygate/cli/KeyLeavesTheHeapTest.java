package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import keygate.accept.gate.GatedVertx;
import keygate.emulator.Emulator;
import keygate.emulator.Gate;
import keygate.emulator.World;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A key that owes nothing is nowhere in the heap of a running gateway, though its answer is remembered. */
@Timeout(180)
final class KeyLeavesTheHeapTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void onlyAKeyThatOwesIsHeld() throws Exception {
        Vertx vertx = GatedVertx.create();
        Emulator emulator = Rig.await(Emulator.start(vertx, World.empty(InstantSource.system()), 0));
        String known = "known" + UUID.randomUUID();
        String paid = "paid" + UUID.randomUUID();
        String owing = "owing" + UUID.randomUUID();
        String nobodys = "nobodys" + UUID.randomUUID();
        emulator.world().key(known).add();
        emulator.world().key(paid).credits(1_000).add();
        emulator.world().key(owing).credits(1_000).add();
        Process process = run(emulator.baseUrl());
        try (BufferedReader err =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            int port = port(err);
            for (String key : new String[] {known, paid, owing, nobodys}) {
                ask(port, key, 5);
            }
            Rig.until(() -> emulator.world().credits(paid).orElse(0) == 995, () -> "what is owed was never settled");
            Rig.until(() -> emulator.world().credits(owing).orElse(0) == 995, () -> "what is owed was never settled");
            Gate gate = emulator.faults().gate();
            ask(port, owing, 1);
            gate.awaitWaiting(1, Duration.ofSeconds(20));

            byte[] heap = dump(process);

            assertThat(holds(heap, owing))
                    .as("the key that owes, or the dump shows nothing")
                    .isTrue();
            assertThat(holds(heap, paid)).as("a key that has paid").isFalse();
            assertThat(holds(heap, known)).as("a key without anything to pay").isFalse();
            assertThat(holds(heap, nobodys)).as("a key that is nobody's").isFalse();
            gate.open();
        } finally {
            process.destroyForcibly();
            Rig.await(vertx.close());
        }
    }

    private Process run(String unkey) throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), """
                server: {host: 127.0.0.1, port: 0, eventLoops: 2}
                management: {port: 0}
                unkey: {url: '%s', rootKey: %s, timeout: 20s}
                settle: {maxAge: 100ms, margin: 0}
                upstreams: {api: {url: 'http://127.0.0.1:1'}}
                routes: [{path: /**, upstream: api}]
                """.formatted(unkey, World.ROOT_KEY));
        return new ProcessBuilder(
                        tool("java"),
                        "-Xmx96m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "keygate.cli.Main",
                        "run",
                        "--config",
                        file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static int port(BufferedReader err) throws IOException {
        String line = String.valueOf(err.readLine());
        while (!line.startsWith("keygate listens on ")) {
            line = String.valueOf(err.readLine());
        }
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /** There is no upstream: that a request gets as far as to miss it shows that it was admitted and charged. */
    private static void ask(int port, String key, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Wire wire = new Wire(port)) {
                assertThat(wire.ask(Rig.request("GET", "/", "Connection: close", "Authorization: Bearer " + key))
                                .status())
                        .isIn(503, 401);
            }
        }
    }

    /** What the collector would keep. */
    private byte[] dump(Process process) throws Exception {
        Path file = folder.resolve("heap.hprof");
        Process jcmd = new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), "GC.heap_dump", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readAllBytes(file);
    }

    private static boolean holds(byte[] heap, String key) {
        byte[] wanted = key.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i <= heap.length - wanted.length; i++) {
            int same = 0;
            while (same < wanted.length && heap[i + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
