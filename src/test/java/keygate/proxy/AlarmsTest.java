package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import keygate.rig.Leaks;
import keygate.rig.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An alarm rings once, never early, not where it was put off, whatever others do; without any there is no timer. */
final class AlarmsTest {
    private static final long SHORT = 60;

    private final Vertx vertx = Vertx.vertx();
    private final Alarms alarms = new Alarms(vertx);
    private final List<String> rung = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        Rig.await(vertx.close());
    }

    private void rings(String... names) throws Exception {
        Rig.until(() -> rung.containsAll(List.of(names)), () -> "rung: " + rung);
        Rig.until(() -> Leaks.timers(vertx, handler -> true) == 0, () -> "a timer is left");
        assertThat(rung).containsExactlyInAnyOrder(names);
    }

    /** Set at many moments of a round. */
    @Test
    void itIsNeverEarly() throws Exception {
        List<Long> late = new CopyOnWriteArrayList<>();
        vertx.runOnContext(on -> {
            for (int moment = 1; moment <= 40; moment++) {
                vertx.setTimer(moment * 7L, now -> {
                    long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHORT);
                    alarms.alarm(() -> late.add(System.nanoTime() - due)).in(SHORT);
                });
            }
        });
        Rig.until(() -> late.size() == 40, () -> "rung: " + late.size());
        assertThat(late).allMatch(nanos -> nanos >= 0);
    }

    @Test
    void itRingsOnceWhenItWasLastSet() throws Exception {
        vertx.runOnContext(on -> {
            Alarms.Alarm later = alarms.alarm(() -> rung.add("later"));
            later.in(SHORT);
            alarms.alarm(() -> rung.add("sooner")).in(2 * SHORT);
            later.in(4 * SHORT);
        });
        rings("sooner", "later");
        assertThat(rung).containsExactly("sooner", "later");
    }

    @Test
    void itDoesNotRingWhereItWasPutOffEvenInTheSameRound() throws Exception {
        vertx.runOnContext(on -> {
            Alarms.Alarm[] both = new Alarms.Alarm[2];
            for (int one = 0; one < 2; one++) {
                Runnable putsOffTheOther = one == 0 ? () -> both[1].off() : () -> both[0].off();
                both[one] = alarms.alarm(() -> {
                    rung.add("one of both");
                    putsOffTheOther.run();
                });
                both[one].in(SHORT);
            }
            Alarms.Alarm off = alarms.alarm(() -> rung.add("off"));
            off.in(SHORT);
            off.off();
        });
        rings("one of both");
    }

    @Test
    void whatOneThrowsDoesNotKeepOthersFromRinging() throws Exception {
        vertx.exceptionHandler(thrown -> rung.add("thrown"));
        vertx.runOnContext(on -> {
            for (int i = 0; i < 3; i++) {
                String name = "alarm " + i;
                alarms.alarm(() -> {
                            rung.add(name);
                            throw new IllegalStateException("thrown on purpose");
                        })
                        .in(SHORT);
            }
        });
        rings("alarm 0", "alarm 1", "alarm 2", "thrown", "thrown", "thrown");
    }

    @Test
    void itCanBeSetAgainAfterAllHadRung() throws Exception {
        for (String name : List.of("first", "second")) {
            rung.clear();
            vertx.runOnContext(on -> alarms.alarm(() -> rung.add(name)).in(SHORT));
            rings(name);
        }
    }
}
