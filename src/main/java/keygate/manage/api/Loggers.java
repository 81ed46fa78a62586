package keygate.manage.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The loggers of this process, and the levels that they had before an operator came. Used by one thread at a time. */
final class Loggers {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    /** Empty for one that followed the logger above it. */
    private final Map<String, Optional<Level>> before = new HashMap<>();

    /** The loggers that have been used, by their names, the root first. */
    List<Logger> all() {
        return context.getLoggerList();
    }

    /** The logger of that name; null where none has been used. */
    @Nullable
    Logger find(String name) {
        return context.exists(name);
    }

    /** Sets a level; null for the one that it had at the start. */
    void set(Logger logger, @Nullable Level level) {
        Optional<Level> first = before.getOrDefault(logger.getName(), Optional.ofNullable(logger.getLevel()));
        if (level == null) {
            logger.setLevel(first.orElse(null));
            before.remove(logger.getName());
        } else {
            before.put(logger.getName(), first);
            logger.setLevel(level);
        }
    }

    ObjectNode json(Logger logger) {
        return Json.object()
                .put("logger", logger.getName())
                .put("level", logger.getEffectiveLevel().toString())
                .put("changed", before.containsKey(logger.getName()));
    }
}
