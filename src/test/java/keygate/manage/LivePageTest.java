package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import keygate.emulator.Fault;
import keygate.rig.Browser;
import keygate.rig.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** In a real browser the page shows what happens, as text alone, on every screen, and finds its gateway again. */
final class LivePageTest {
    private static final String HOSTILE = "<img src=x onerror=document.title='owned'>";
    private static final String TOKEN = "a-token-of-16-or-more";
    private static final Path PICTURES = Path.of("target/screenshots");

    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    private Path folder;

    private String url() {
        return "http://127.0.0.1:" + rig.keygate().managementPort() + "/";
    }

    private static String said(String id) {
        return "document.getElementById('" + id + "').innerText";
    }

    private static String live() {
        return "document.body.dataset.state === 'live'";
    }

    /** Lets a second pass, and waits until the page shows it. */
    private void second(Browser browser) throws Exception {
        rig.clock().advance(Duration.ofSeconds(1));
        String now = rig.clock().instant().toString().substring(11, 19);
        browser.until(said("said") + ".includes('" + now + "')");
    }

    @Test
    void showsWhatHappensAsTextOnEveryScreen() throws Exception {
        rig.world()
                .key("good")
                .credits(1000)
                .ratelimit("requests", 100, 3_600_000, true)
                .add();
        rig.world().key("spent").ratelimit(HOSTILE, 2, 3_600_000, true).add();
        rig.start(
                "routes:",
                "  - {name: pets, path: /pets/**, upstream: backend}",
                "  - {name: owners-with-a-rather-long-name, path: /owners/**, upstream: backend, permissions: pets.read}",
                "  - {name: status, path: /status, upstream: backend, auth: none}");
        try (Browser browser = Browser.start(rig.vertx(), folder)) {
            browser.screen(1280, 900, false);
            browser.open(url());
            browser.until(live());
            for (int second = 0; second < 6; second++) {
                for (int i = 0; i < 3 + second % 4 * 5; i++) {
                    rig.get("/pets/1", "good");
                }
                rig.get("/pets/1", "spent");
                rig.get("/owners/1", "good");
                rig.get("/status", "");
                rig.ask("GET", "/nowhere");
                rig.get("/pets/1", "nobodys");
                second(browser);
            }
            browser.until(said("requests") + " === '14'");
            assertThat(browser.value(said("routes")).textValue())
                    .contains("pets", "owners-with-a-rather-long-name", "status", "no route");
            assertThat(browser.value(said("reasons")).textValue())
                    .contains("served", "rate_limited", "permission_missing", "route_not_found");
            assertThat(browser.value(said("limits")).textValue()).contains(HOSTILE);
            assertThat(browser.value(said("refusals")).textValue()).contains("the rate limit is used up: " + HOSTILE);
            assertThat(browser.value(said("wrong")).textValue()).contains("Nothing needs attention");
            browser.picture(PICTURES.resolve("light.png"));

            rig.keygate().reloads().refuse(List.of("my.yaml:3 routes[0]: " + HOSTILE, "my.yaml:9 another"));
            rig.emulator().faults().always(Fault.of(Fault.Kind.ERROR_500));
            rig.get("/pets/1", "stranger");
            second(browser);
            browser.until(said("wrong") + ".includes('unkey_unavailable')");
            assertThat(browser.value(said("wrong")).textValue()).contains(HOSTILE, "✕ Broken", "▲ Look");
            browser.screen(1280, 900, true);
            browser.picture(PICTURES.resolve("dark.png"));
            for (boolean dark : new boolean[] {false, true}) {
                browser.screen(360, 740, dark);
                assertThat(browser.value("document.documentElement.scrollWidth").intValue())
                        .as("nothing is wider than the screen")
                        .isLessThanOrEqualTo(360);
                browser.picture(PICTURES.resolve(dark ? "phone-dark.png" : "phone.png"));
            }

            assertThat(browser.value("document.querySelectorAll('img').length").intValue())
                    .isZero();
            assertThat(browser.value("document.title").textValue()).contains("Keygate");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void asksForTheTokenAndKeepsItForTheTab() throws Exception {
        rig.start("management: {port: 0, token: " + TOKEN + "}");
        try (Browser browser = Browser.start(rig.vertx(), folder)) {
            browser.screen(360, 740, false);
            browser.open(url());
            browser.until("!document.getElementById('door').hidden");
            browser.picture(PICTURES.resolve("token.png"));
            enter(browser, "a-wrong-token-of-16");
            browser.until(said("asked") + " === 'This token is not accepted.'");
            enter(browser, TOKEN);
            browser.until(live());
            browser.open(url());
            browser.until(live());

            assertThat(browser.value("document.getElementById('door').hidden").booleanValue())
                    .isTrue();
            browser.value("document.getElementById('forget').click()");
            browser.until("!document.getElementById('door').hidden");
        }
    }

    private static void enter(Browser browser, String token) {
        browser.value("document.getElementById('token').value = '" + token + "';"
                + "document.getElementById('door').requestSubmit()");
    }

    @Test
    void saysThatTheGatewayIsGoneAndFindsItAgain() throws Exception {
        rig.start();
        int port = rig.keygate().managementPort();
        try (Browser browser = Browser.start(rig.vertx(), folder)) {
            browser.open(url());
            browser.until(live());
            Rig.await(rig.keygate().close());
            browser.until("document.body.dataset.state === 'gone'");
            assertThat(browser.value(said("link")).textValue()).contains("Trying again");
            browser.picture(PICTURES.resolve("gone.png"));
            rig.start("management: {port: " + port + "}");

            browser.until(live());
        }
    }
}
