package keygate.manage.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import keygate.accept.Time;
import keygate.manage.api.Running;

/** Takes what there is to see of a gateway, as one line of JSON. Not safe for several threads at once. */
public final class Snapshots {
    private final Running running;
    private final BooleanSupplier ready;
    private final MeterRegistry registry;
    private final Time time;
    private final Minute minute = new Minute();

    public Snapshots(Running running, BooleanSupplier ready, MeterRegistry registry, Time time) {
        this.running = running;
        this.ready = ready;
        this.registry = registry;
        this.time = time;
    }

    /** What there is to see now. Looks at all metrics and limits: not for event loops. */
    public byte[] take() {
        minute.add(Reading.of(registry, time.nanos()));
        ObjectNode json = new Traffic(minute).json();
        new State(running, registry).into(json);
        json.put("at", time.wall().instant().toString());
        json.put("ready", ready.getAsBoolean());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
