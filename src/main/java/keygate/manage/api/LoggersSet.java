package keygate.manage.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Objects;
import java.util.regex.Pattern;

/** {@code loggers.set}: another level for a logger and those below it, until it is reset or the process ends. */
final class LoggersSet implements Operation {
    private static final Pattern LEVELS = Pattern.compile("TRACE|DEBUG|INFO|WARN|ERROR|OFF");

    private final Loggers loggers;

    LoggersSet(Loggers loggers) {
        this.loggers = loggers;
    }

    @Override
    public String name() {
        return "loggers.set";
    }

    @Override
    public Shape takes() {
        return Shape.nothing()
                .text("logger", 255)
                .patternOrNull("level", LEVELS, "TRACE, DEBUG, INFO, WARN, ERROR, OFF, or null to reset")
                .required("logger")
                .required("level");
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Answer answer(Input input) throws Problem {
        Logger logger = loggers.find(Objects.requireNonNull(input.text("logger")));
        if (logger == null) {
            throw Problem.notFound("no logger of that name has been used; loggers.list has those that were");
        }
        String level = input.text("level");
        loggers.set(logger, level == null ? null : Level.valueOf(level));
        return Answer.of(loggers.json(logger));
    }
}
