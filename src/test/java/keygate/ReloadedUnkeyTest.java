package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicInteger;
import keygate.emulator.Gate;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections to Unkey outlive a configuration that says the same of it; one that says else cuts no call. */
final class ReloadedUnkeyTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private String url = "";

    /** Every connection to Unkey goes through here, and is counted. */
    @BeforeEach
    void counts() {
        NetClient onward = rig.vertx().createNetClient();
        int port = Rig.await(rig.vertx()
                        .createNetServer()
                        .connectHandler(socket -> {
                            opened.incrementAndGet();
                            open.incrementAndGet();
                            socket.pause();
                            onward.connect(rig.emulator().port(), "127.0.0.1").onSuccess(unkey -> join(socket, unkey));
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
        url = "http://127.0.0.1:" + port;
        for (int i = 0; i < 4; i++) {
            rig.world().key("key" + i).add();
        }
    }

    private void join(NetSocket gateway, NetSocket unkey) {
        // Unkey closes what is idle; here the gateway alone does, so that it is seen.
        unkey.handler(gateway::write);
        gateway.handler(unkey::write).closeHandler(closed -> {
            open.decrementAndGet();
            unkey.close();
        });
        gateway.resume();
    }

    private String unkey(String keepAlive) {
        return "unkey: {url: '" + url + "', rootKey: '@rootKey', timeout: 20s, keepAlive: " + keepAlive + "}\n"
                + "server: {host: 127.0.0.1, port: 0, eventLoops: 1}";
    }

    @Test
    void whatIsTheSameStaysConnected() throws Exception {
        rig.start(unkey("1m"));
        assertThat(rig.get("/", "key0").status()).isEqualTo(200);

        rig.reload(unkey("1m"), "routes: [{path: /new, upstream: backend}]");

        assertThat(rig.get("/new", "key1").status()).isEqualTo(200);
        assertThat(opened.get()).isOne();
    }

    @Test
    void callsUnderWayEndAndConnectionsBeforeAreClosed() throws Exception {
        rig.start(unkey("1m"));
        Gate gate = rig.emulator().faults().gate();
        try (Wire waiting = rig.wire()) {
            waiting.send(Rig.request("GET", "/", "Authorization: Bearer key0"));
            gate.awaitWaiting(1, Rig.patience());

            rig.reload(unkey("59s"));
            gate.open();

            assertThat(waiting.read().status()).isEqualTo(200);
        }
        assertThat(rig.get("/", "key1").status()).isEqualTo(200);
        assertThat(opened.get()).isEqualTo(2);
        Rig.until(() -> open.get() == 1, () -> open.get() + " are open");
    }
}
