package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import keygate.emulator.Fault;
import keygate.emulator.World;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Neither a caller's key nor our root key shows up in a log, a metric, an answer, or at the upstream. */
final class CredentialNeverLeavesTest {
    private static final String CANARY = "canary_5f1d77c2";

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void noPlaceWhereAKeyMayBePresentedLetsItOut() throws Exception {
        ListAppender<ILoggingEvent> programLog = new ListAppender<>();
        programLog.start();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(programLog);
        try {
            rig.world().key(CANARY).add();
            rig.start("routes: [{path: /**, upstream: backend, key: [bearer, {header: X-Api-Key}, {query: api_key},"
                    + " {cookie: session}]}]");
            List<String> places = new ArrayList<>();
            for (Wire.Answer answer : askInEveryWay()) {
                places.add(answer.headers() + answer.body());
            }
            places.add(rig.metrics());
            places.addAll(rig.log(8));
            rig.backend().seen().forEach(seen -> places.add(seen.uri() + seen.headers()));
            programLog.list.forEach(event -> places.add(event.getFormattedMessage()
                    + event.getKeyValuePairs()
                    + ThrowableProxyUtil.asString(event.getThrowableProxy())));

            assertThat(places).noneMatch(text -> text.contains(CANARY));
            assertThat(places).noneMatch(text -> text.contains(World.ROOT_KEY));
            assertThat(rig.backend().seen()).hasSize(4);
        } finally {
            root.detachAppender(programLog);
        }
    }

    private List<Wire.Answer> askInEveryWay() throws Exception {
        List<Wire.Answer> answers = new ArrayList<>();
        answers.add(rig.get("/", CANARY));
        answers.add(rig.ask("GET", "/", "X-Api-Key: " + CANARY));
        answers.add(rig.ask("GET", "/?api_key=" + CANARY + "&b=2"));
        answers.add(rig.ask("GET", "/", "Cookie: a=1; session=" + CANARY));
        answers.add(rig.ask("GET", "/", "X-Api-Key: " + CANARY, "Authorization: Bearer " + CANARY + "2"));
        answers.add(rig.get("/", CANARY + ", " + CANARY));
        answers.add(rig.get("/%zz?api_key=" + CANARY, CANARY));
        rig.emulator().faults().always(Fault.of(Fault.Kind.ROOT_KEY_401));
        answers.add(rig.get("/", CANARY + "3"));
        return answers;
    }
}
