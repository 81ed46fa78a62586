package keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import keygate.config.Fingerprint;
import keygate.emulator.World;
import keygate.rig.Pki;
import keygate.rig.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A changed file is in force soon, however it was changed; one that is not valid changes nothing and is told of. */
final class ConfigWatchTest {
    private static final String FAST = "reload: 100ms";
    private static final String SLOW = "reload: 1h";

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private ConfigWatch watch;

    private static String route(String path) {
        return "routes: [{name: only, path: " + path + ", upstream: backend, auth: none}]";
    }

    /** Starts a gateway with these sections, which are what the file holds. */
    private void start(Path file, String... yaml) throws IOException {
        if (!Files.exists(file)) {
            Files.writeString(file, rig.text(2, yaml));
        }
        String print = Fingerprint.of(file);
        rig.start(yaml);
        watch = new ConfigWatch(rig.vertx(), file, name -> null, rig.keygate(), print);
    }

    @AfterEach
    void noMoreLooks() {
        watch.close();
    }

    private void serves(String path) throws TimeoutException {
        Rig.until(
                () -> status(path) == 200,
                () -> path + " is not served: " + rig.keygate().reloads().faults());
    }

    private int status(String path) {
        try {
            return rig.ask("GET", path).status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void refused() throws TimeoutException {
        Rig.until(() -> !rig.keygate().reloads().faults().isEmpty(), () -> "nothing was refused");
    }

    @Test
    void aChangedFileIsInForceSoon() throws Exception {
        Path file = folder.resolve("keygate.yaml");
        start(file, FAST, route("/old"));
        Files.writeString(file, rig.text(2, FAST, route("/new")));

        serves("/new");
        assertThat(status("/old")).isEqualTo(404);
    }

    @Test
    void aFileThatIsReplacedIsSeen() throws Exception {
        Path file = folder.resolve("keygate.yaml");
        start(file, FAST, route("/old"));
        Path next = Files.writeString(folder.resolve("next"), rig.text(2, FAST, route("/new")));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

        serves("/new");
    }

    /** As Kubernetes updates a mounted ConfigMap: the file is a link into a folder that is itself a link. */
    @Test
    void aFolderThatIsSwappedBehindALinkIsSeen() throws Exception {
        Path one = Files.createDirectory(folder.resolve("..one"));
        Path two = Files.createDirectory(folder.resolve("..two"));
        Files.writeString(one.resolve("keygate.yaml"), rig.text(2, FAST, route("/old")));
        Files.writeString(two.resolve("keygate.yaml"), rig.text(2, FAST, route("/new")));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), one.getFileName());
        Path file = Files.createSymbolicLink(
                folder.resolve("keygate.yaml"), Path.of("..data").resolve("keygate.yaml"));
        start(file, FAST, route("/old"));
        serves("/old");

        Path swapped = Files.createSymbolicLink(folder.resolve("..tmp"), two.getFileName());
        Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE);

        serves("/new");
    }

    @Test
    void aSecretInAFileOfItsOwnIsSeenToChange() throws Exception {
        rig.world().key("good").add();
        Path secret = Files.writeString(folder.resolve("root"), "unkey_gone\n");
        String unkey = "unkey: {url: '@unkey', rootKey: '${file:" + secret + "}'}";
        String keyed = "routes: [{path: /**, upstream: backend}]";
        start(folder.resolve("keygate.yaml"), FAST, unkey, keyed);
        assertThat(rig.get("/", "good").status()).isGreaterThanOrEqualTo(500);

        Files.writeString(secret, World.ROOT_KEY + "\n");
        Rig.until(() -> rig.keygate().reloads().appliedSoFar() == 1, () -> "the new root key is not taken");
        rig.clock().advance(Duration.ofMinutes(1));

        assertThat(rig.get("/", "good").status()).isEqualTo(200);
    }

    @Test
    void whatIsNotValidIsToldOfInFullAndChangesNothing() throws Exception {
        Path file = folder.resolve("keygate.yaml");
        start(file, FAST, route("/old"));
        Files.writeString(file, rig.text(2, FAST, "settle: {maxUnits: 0}", route("old")));
        refused();

        assertThat(rig.keygate().reloads().faults())
                .hasSize(2)
                .anyMatch(fault -> fault.contains("keygate.yaml:2:") && fault.contains("settle.maxUnits"))
                .anyMatch(fault -> fault.contains("keygate.yaml:3:") && fault.contains("routes[0].path"));
        assertThat(status("/old")).isEqualTo(200);
        assertThat(rig.management("/readyz").status()).isEqualTo(200);
        assertThat(rig.management("/readyz").body()).contains("refused", "settle.maxUnits", "routes[0].path");
        assertThat(rig.metrics()).contains("keygate_config_refused 1.0");

        Files.writeString(file, rig.text(2, FAST, route("/new")));
        serves("/new");
        rig.untilMetric("keygate_config_refused 0.0");
        assertThat(rig.metrics())
                .contains("keygate_config_reloads_total{outcome=\"applied\"} 1.0")
                .contains("keygate_config_reloads_total{outcome=\"refused\"} 1.0");
        assertThat(rig.management("/readyz").body()).isEqualTo("ready\n");
    }

    @Test
    void whatNeedsARestartIsAMistakeWithALine() throws Exception {
        Path file = folder.resolve("keygate.yaml");
        start(file, FAST, route("/old"));
        Files.writeString(file, rig.text(2, FAST, "dns: {timeout: 7s}", route("/new")));
        refused();

        assertThat(rig.keygate().reloads().faults()).singleElement().satisfies(fault -> assertThat(fault)
                .contains("keygate.yaml:2:", "dns", "cannot change while the gateway runs", "restart"));
        assertThat(status("/new")).isEqualTo(404);
    }

    @Test
    void aFileThatIsGoneIsToldOfAndChangesNothing() throws Exception {
        Path file = folder.resolve("keygate.yaml");
        start(file, FAST, route("/old"));
        Files.delete(file);
        refused();
        assertThat(status("/old")).isEqualTo(200);

        Files.writeString(file, rig.text(2, FAST, route("/old")));
        Rig.until(() -> rig.keygate().reloads().faults().isEmpty(), () -> "it is back, and still told of");
    }

    @Test
    void whatWasRefusedIsTakenWhenWhatItLackedIsThere() throws Exception {
        Path file = folder.resolve("keygate.yaml");
        start(file, FAST, route("/old"));
        Path ca = folder.resolve("ca.pem");
        Files.writeString(
                file,
                rig.text(
                        2,
                        FAST,
                        "upstreams: {backend: {url: '@backend'}, more: {url: 'https://127.0.0.1:1', tls: {ca: " + ca
                                + "}}}",
                        route("/new")));
        refused();

        Pki.write(folder, "other", new Pki().ec("ca.test"));
        Files.copy(folder.resolve("other.crt"), ca);

        serves("/new");
    }

    @Test
    void aLookAtOnceDoesNotWaitForTheNext() throws Exception {
        Path file = folder.resolve("keygate.yaml");
        start(file, SLOW, route("/old"));
        Files.writeString(file, rig.text(2, SLOW, route("/new")));

        Rig.await(watch.now());

        assertThat(status("/new")).isEqualTo(200);
    }

    /** Else a file that is just being written could be taken with half of its routes. */
    @Test
    void aChangeIsTakenOnlyWhenTwoLooksAgree() throws Exception {
        Path file = folder.resolve("keygate.yaml");
        start(file, SLOW, route("/old"));
        Files.writeString(file, rig.text(2, SLOW, route("/half")));
        Rig.await(watch.look(false));
        assertThat(status("/half")).isEqualTo(404);

        Files.writeString(file, rig.text(2, SLOW, route("/new")));
        Rig.await(watch.look(false));
        assertThat(status("/new")).isEqualTo(404);
        Rig.await(watch.look(false));

        assertThat(status("/new")).isEqualTo(200);
    }
}
