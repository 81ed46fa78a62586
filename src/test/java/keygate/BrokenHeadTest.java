package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import keygate.rig.Rig;
import keygate.rig.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** A caller whose connection breaks off before its first request is whole writes nothing into the program's log. */
final class BrokenHeadTest {
    private static final int TIMES = 50;

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void isNoErrorOfOurs() throws Exception {
        ListAppender<ILoggingEvent> programLog = new ListAppender<>();
        programLog.start();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(programLog);
        try {
            rig.start();
            String head = Rig.request("GET", "/", "X-Long: " + "x".repeat(1_000));
            for (int time = 0; time < TIMES; time++) {
                try (Wire wire = rig.wire()) {
                    wire.send(head.substring(0, head.length() * time / TIMES));
                    wire.reset();
                }
            }
            rig.untilMetric("keygate_connections 0.0");

            assertThat(programLog.list).isEmpty();
        } finally {
            root.detachAppender(programLog);
        }
    }
}
