package keygate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import keygate.judge.Asks;
import keygate.judge.Trust;
import keygate.limit.Accounting;
import keygate.limit.Books.Loss;
import keygate.simulation.ModelUnkey.Stored;
import org.junit.jupiter.api.Test;

/**
 * However calls are delayed, reordered and lost, and gateways die: no window admits more than its limit and the stated
 * bound, nothing is charged twice, and every unit is settled or written off. Prints what was observed.
 */
final class AccountingSimulationTest {
    private static final int STEPS = 120_000;
    private static final int KEYS = 12;
    private static final Trust DENY =
            new Trust(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(10), Trust.OnOutage.DENY);

    private static final List<Asks> ROUTES = List.of(
            Asks.NOTHING,
            new Asks(null, 3L, List.of(new Asks.Limit("shared", 2, null, null))),
            new Asks(null, null, List.of(new Asks.Limit("burst", 1, 40L, 4_000L))),
            new Asks(null, 0L, List.of(new Asks.Limit("named", 5, null, null))));

    /** What a run was like. */
    private record Row(int gateways, String kind, World world) {
        String line() {
            World.Sums sums = world.sums();
            return String.format(
                    "%8d  %-22s %9d %9d %9d %8d %10d %8d %8d %8d %8d",
                    gateways,
                    kind,
                    sums.requests,
                    sums.served,
                    world.unkey().calls(),
                    sums.crashes,
                    sums.mostOwed,
                    sums.mostExcess,
                    bound(gateways, sums),
                    written(world, Loss.OVERSHOOT),
                    written(world, Loss.LOST));
        }
    }

    @Test
    void admittedNeverExceedsTheBound() {
        List<String> table = new ArrayList<>();
        table.add("gateways  kind                    requests    served     calls  crashes  most owed   excess    bound"
                + "  overshot     lost");
        long seed = 1;
        for (int gateways : new int[] {1, 2, 4, 8, 16}) {
            for (Accounting accounting : new Accounting[] {Accounting.SETTLED, Accounting.EXACT}) {
                String kind = accounting.name().toLowerCase(Locale.ROOT);
                World calm = run(seed++, gateways, accounting, new World.Chances(0, 0, 0, 0, 80, DENY));
                table.add(new Row(gateways, kind, calm).line());
                System.out.println(table.get(table.size() - 1));
                check(calm, gateways, false);
                World rough = run(seed++, gateways, accounting, new World.Chances(30, 10, 10, 60, 400, DENY));
                table.add(new Row(gateways, kind + ", lossy", rough).line());
                System.out.println(table.get(table.size() - 1));
                check(rough, gateways, true);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        World.Chances rough = new World.Chances(30, 10, 10, 60, 400, DENY);
        String once = new Row(4, "", run(99, 4, Accounting.SETTLED, rough)).line();
        assertThat(new Row(4, "", run(99, 4, Accounting.SETTLED, rough)).line()).isEqualTo(once);
    }

    /** Every limit of the simulation is 400 at most, so that no gateway may owe more than 40 on one. */
    private static long bound(int gateways, World.Sums sums) {
        boolean alone = gateways == 1 && sums.faults == 0;
        return alone ? 0 : 40L * (gateways + sums.crashes);
    }

    private static World run(long seed, int gateways, Accounting accounting, World.Chances chances) {
        World world = new World(seed, gateways, chances);
        for (int i = 0; i < KEYS; i++) {
            world.unkey().add(key(i));
        }
        for (int step = 0; step < STEPS / 2; step++) {
            // Sometimes a crowd, sometimes a pause in which windows end.
            int pause = world.draw(1000) == 0 ? 3_000 : world.draw(12);
            world.advance(Duration.ofMillis(pause));
            world.request(
                    world.draw(gateways), "key_" + world.draw(KEYS), ROUTES.get(world.draw(ROUTES.size())), accounting);
            world.sums().mostOwed = Math.max(world.sums().mostOwed, world.owed());
        }
        for (int i = 0; i < 200; i++) {
            world.replicas().forEach(Replica::settleAll);
            world.advance(Duration.ofMillis(500));
        }
        return world;
    }

    /** Two keys share an identity's limit; some have a balance, some a limit of their own that must be named. */
    private static ModelUnkey.Key key(int number) {
        String id = "key_" + number;
        Stored shared = new Stored("rl_" + number / 2, "id_" + number / 2, "shared", 400, 10_000, true);
        Stored named = new Stored("rn_" + number, id, "named", 200, 60_000, false);
        Long balance = number % 3 == 0 ? 20_000L : null;
        return new ModelUnkey.Key(id, balance, shared, named);
    }

    private static void check(World world, int gateways, boolean lossy) {
        World.Sums sums = world.sums();
        assertThat(sums.waiting).as("requests without an outcome").isZero();
        assertThat(world.owed()).as("units that were never settled").isZero();
        assertThat(world.replicas()).allMatch(replica -> replica.accounts() == 0);
        assertThat(sums.mostExcess).as("admitted beyond a limit").isLessThanOrEqualTo(bound(gateways, sums));
        long writtenOff = 0;
        for (Loss loss : Loss.values()) {
            writtenOff += written(world, loss);
        }
        for (String counter : counters()) {
            long admitted = world.admitted(counter);
            long charged = world.unkey().charged(counter);
            assertThat(charged).as("charged to %s", counter).isLessThanOrEqualTo(admitted + world.failed(counter));
            assertThat(admitted)
                    .as("admitted on %s", counter)
                    .isLessThanOrEqualTo(charged + writtenOff + sums.crashedUnits);
            if (gateways == 1 && !lossy) {
                assertThat(charged).as("charged to %s", counter).isEqualTo(admitted);
            }
        }
        if (gateways == 1 && !lossy) {
            assertThat(writtenOff).as("written off by a lone gateway").isZero();
        }
    }

    private static Set<String> counters() {
        Set<String> counters = new TreeSet<>();
        for (int i = 0; i < KEYS; i++) {
            ModelUnkey.Key key = key(i);
            for (Asks asks : ROUTES) {
                ModelUnkey.applied(key, asks).keySet().forEach(limit -> counters.add(limit.counter()));
            }
            counters.add(key.balanceCounter());
        }
        return counters;
    }

    private static long written(World world, Loss loss) {
        return world.replicas().stream()
                .mapToLong(replica -> replica.books().writtenOff(loss))
                .sum();
    }
}
