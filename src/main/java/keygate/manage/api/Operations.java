package keygate.manage.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All operations of the management API. */
public final class Operations {
    private Operations() {}

    /** The operations on one gateway, by their names. */
    public static Map<String, Operation> on(Running running) {
        return on(running, RequestsExplain.PATIENCE);
    }

    /**
     * The same, for those who wait otherwise.
     *
     * @param patience how long an explanation may take
     */
    public static Map<String, Operation> on(Running running, Duration patience) {
        Cursors cursors = new Cursors();
        Loggers loggers = new Loggers();
        Map<String, Operation> byName = new LinkedHashMap<>();
        List.of(
                        new RoutesList(running, cursors),
                        new VerdictsList(running, cursors),
                        new VerdictsPurge(running),
                        new RequestsList(running, cursors),
                        new RequestsGet(running),
                        new RequestsExplain(running, patience),
                        new ConfigGet(running),
                        new LoggersList(loggers, cursors),
                        new LoggersSet(loggers),
                        new GatewayDrain(running))
                .forEach(operation -> byName.put(operation.name(), operation));
        return byName;
    }
}
