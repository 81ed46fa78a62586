package keygate.manage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import keygate.report.LogEncoder;
import keygate.rig.Operator;
import keygate.rig.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Operators change how much the program says while it runs, and get back to where they were; no level shows a key. */
final class LoggersApiTest {
    private static final String KEY = "canary_9e17b0c2d4";

    @RegisterExtension
    private final Rig rig = new Rig();

    private final Operator operator = new Operator(rig);
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

    @BeforeEach
    void listens() {
        heard.start();
    }

    @AfterEach
    void hearsNoMore() {
        root.detachAppender(heard);
    }

    private JsonNode set(String logger, String level) throws Exception {
        return operator.call("loggers.set", "{\"logger\":\"" + logger + "\",\"level\":" + level + "}");
    }

    @Test
    void aLevelIsSetAndReset() throws Exception {
        rig.start();
        Logger unkey = (Logger) LoggerFactory.getLogger("keygate.unkey");
        Level before = unkey.getEffectiveLevel();

        assertThat(set("keygate.unkey", "\"TRACE\"").toString())
                .isEqualTo("{\"logger\":\"keygate.unkey\",\"level\":\"TRACE\",\"changed\":true}");
        assertThat(unkey.isTraceEnabled()).isTrue();
        set("keygate.unkey", "\"ERROR\"");
        assertThat(set("keygate.unkey", "null").get("changed").booleanValue()).isFalse();
        assertThat(unkey.getEffectiveLevel()).isEqualTo(before);
        assertThat(unkey.getLevel()).isNull();
    }

    @Test
    void theRootHasALevelAlways() throws Exception {
        rig.start();
        Level before = root.getLevel();

        assertThat(set("ROOT", "null").get("level").textValue()).isEqualTo(before.toString());
        set("ROOT", "\"OFF\"");
        assertThat(set("ROOT", "null").get("level").textValue()).isEqualTo(before.toString());
        assertThat(root.getLevel()).isEqualTo(before);
    }

    @Test
    void loggersAreListedOnceEachByName() throws Exception {
        rig.start();
        set("keygate.unkey", "\"WARN\"");

        List<JsonNode> all = operator.all("loggers.list", 7, "");
        List<JsonNode> ours = operator.all("loggers.list", 100, "\"logger\":\"keygate\",");
        set("keygate.unkey", "null");

        assertThat(all)
                .extracting(logger -> logger.get("logger").textValue())
                .isSorted()
                .doesNotHaveDuplicates()
                .contains("ROOT", "keygate", "keygate.unkey", "io.netty");
        assertThat(ours)
                .isNotEmpty()
                .allMatch(logger -> logger.get("logger").textValue().matches("keygate(\\..*)?"))
                .filteredOn(logger -> logger.get("changed").booleanValue())
                .hasSize(1);
    }

    @Test
    void aNameThatNobodyUsesIsAMistake() throws Exception {
        rig.start();

        assertThat(operator.post("loggers.set", "{\"logger\":\"keygate.unkye\",\"level\":\"INFO\"}")
                        .status())
                .isEqualTo(404);
        assertThat(operator.post("loggers.set", "{\"logger\":\"keygate\",\"level\":\"LOUD\"}")
                        .status())
                .isEqualTo(400);
        assertThat(operator.post("loggers.set", "{}").body()).contains("body.logger", "body.level", "is needed");
    }

    @Test
    void noLevelShowsAKey() throws Exception {
        rig.world().key(KEY).add();
        rig.start("routes: [{path: /**, upstream: backend, key: [bearer, {query: key}]}]");
        root.addAppender(heard);
        set("keygate", "\"TRACE\"");
        set("ROOT", "\"TRACE\"");
        try {
            assertThat(rig.get("/", KEY).status()).isEqualTo(200);
            assertThat(rig.ask("GET", "/?key=" + KEY).status()).isEqualTo(200);
            assertThat(rig.get("/", KEY + "x").status()).isEqualTo(401);
        } finally {
            set("ROOT", "null");
            set("keygate", "null");
            root.detachAppender(heard);
        }
        LogEncoder encoder = new LogEncoder();
        encoder.start();
        assertThat(List.copyOf(heard.list))
                .anyMatch(event -> event.getLevel() == Level.TRACE || event.getLevel() == Level.DEBUG)
                .noneMatch(event -> new String(encoder.encode(event), StandardCharsets.UTF_8).contains(KEY));
    }
}
