package keygate.manage.api;

import ch.qos.logback.classic.Logger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code loggers.list}: who writes the program's own log, and from which level on. */
final class LoggersList implements Operation {
    private final Loggers loggers;
    private final Cursors cursors;

    LoggersList(Loggers loggers, Cursors cursors) {
        this.loggers = loggers;
        this.cursors = cursors;
    }

    @Override
    public String name() {
        return "loggers.list";
    }

    @Override
    public Shape takes() {
        return Shape.page().text("logger", 255);
    }

    @Override
    public Answer answer(Input input) throws Problem {
        ByteBuffer place = cursors.open(name(), input.text("cursor"));
        String after = place == null ? "" : StandardCharsets.UTF_8.decode(place).toString();
        int most = input.whole("limit", Shape.PAGE);
        List<Logger> found = loggers.all().stream()
                .filter(logger -> logger.getName().compareTo(after) > 0)
                .filter(logger -> isBelow(logger.getName(), input.text("logger")))
                .sorted(Comparator.comparing(Logger::getName))
                .limit(most + 1L)
                .toList();
        return Answer.page(
                found,
                most,
                loggers::json,
                logger -> cursors.seal(name(), logger.getName().getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean isBelow(String name, @Nullable String top) {
        return top == null || top.equals(Logger.ROOT_LOGGER_NAME) || name.equals(top) || name.startsWith(top + ".");
    }
}
