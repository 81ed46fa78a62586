package keygate.report.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A collector, and who we are to it.
 *
 * @param base its address, below which each kind of data has a path
 * @param timeout the most that sending may take, and connecting
 * @param self the gateway: numbers of two that are not told apart would be taken for one that leaps
 */
public record Otlp(URI base, Duration timeout, Resource self) {
    /** Held, or the level would be forgotten: what it says in its own form is said by {@link Reception} in ours. */
    private static final Logger EXPORTER = Logger.getLogger("io.opentelemetry.exporter");

    /** A gateway that nobody has seen before, and its collector. */
    public static Otlp to(URI base, Duration timeout) {
        EXPORTER.setLevel(Level.OFF);
        Attributes self = Attributes.builder()
                .put("service.name", "keygate")
                .put("service.instance.id", UUID.randomUUID().toString())
                .build();
        return new Otlp(base, timeout, Resource.create(self));
    }

    /** Where data goes whose path is that. */
    public String endpoint(String path) {
        String text = base.toString();
        return (text.endsWith("/") ? text : text + "/") + path;
    }

    /** Lets an exporter go on a thread of its own: from Java 21 on, its client waits for what a collector never answers. */
    public static void release(Runnable shutdown) {
        Thread thread = new Thread(shutdown, "keygate-otlp-end");
        thread.setDaemon(true);
        thread.start();
    }
}
