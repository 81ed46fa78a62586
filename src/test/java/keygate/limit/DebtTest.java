package keygate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A debt counts in the window it was made in and the next; what is on its way is owed to nobody else. */
class DebtTest {
    private static final long DURATION = 60_000;

    private final Meter meter = new Meter(60_000);
    private final Debt debt = debt();

    @Test
    void addsUp() {
        assertThat(debt.total()).isZero();
        assertThat(debt.add(3)).isZero();
        assertThat(debt.add(0)).isZero();
        assertThat(debt.add(4)).isZero();
        assertThat(debt.total()).isEqualTo(7);
    }

    @Test
    void whatIsFromTheWindowBeforeLastLapsesWhenMoreIsAdded() {
        debt.add(1);
        window(2);
        assertThat(debt.add(10)).isZero();
        assertThat(debt.total()).isEqualTo(11);
        window(3);
        assertThat(debt.add(100)).isEqualTo(1);
        assertThat(debt.total()).isEqualTo(110);
        window(5);
        assertThat(debt.add(1_000)).isEqualTo(110);
        assertThat(debt.total()).isEqualTo(1_000);
    }

    @Test
    void lapsesByTheClockAlone() {
        debt.add(1);
        window(2);
        debt.add(10);
        assertThat(debt.lapse(2 * DURATION - 1)).isZero();
        assertThat(debt.lapse(2 * DURATION)).isEqualTo(1);
        assertThat(debt.lapse(2 * DURATION)).isZero();
        assertThat(debt.lapse(3 * DURATION - 1)).isZero();
        assertThat(debt.lapse(3 * DURATION)).isEqualTo(10);
        assertThat(debt.total()).isZero();
    }

    @Test
    void whatACallTookAlongIsOwedNoMoreWhenItLands() {
        debt.add(3);
        debt.board();
        assertThat(debt.total()).isZero();
        debt.add(4);
        assertThat(debt.landed()).isEqualTo(3);
        assertThat(debt.landed()).isZero();
        assertThat(debt.total()).isEqualTo(4);
    }

    @Test
    void whatComesBackIsOwedAsBefore() {
        debt.add(1);
        window(2);
        debt.add(10);
        debt.board();
        debt.add(100);
        assertThat(debt.back()).isZero();
        assertThat(debt.total()).isEqualTo(111);
        assertThat(debt.landed()).isZero();
        assertThat(debt.lapse(2 * DURATION)).as("the part from before").isEqualTo(1);
        assertThat(debt.lapse(3 * DURATION)).isEqualTo(110);
    }

    @Test
    void whatComesBackInTheNextWindowIsFromTheOneBefore() {
        debt.add(1);
        window(2);
        debt.add(10);
        debt.board();
        window(3);
        debt.add(100);
        assertThat(debt.back()).isEqualTo(1);
        assertThat(debt.total()).isEqualTo(110);
        assertThat(debt.lapse(3 * DURATION)).isEqualTo(10);
    }

    @Test
    void whatComesBackTooLateHasLapsed() {
        debt.add(1);
        window(2);
        debt.add(10);
        debt.board();
        window(4);
        debt.add(100);
        assertThat(debt.back()).isEqualTo(11);
        assertThat(debt.total()).isEqualTo(100);
    }

    @Test
    void whatIsOnItsWayDoesNotLapse() {
        debt.add(3);
        debt.board();
        assertThat(debt.lapse(10 * DURATION)).isZero();
        assertThat(debt.landed()).isEqualTo(3);
    }

    @Test
    void theOldestIsPaidFirst() {
        debt.add(5);
        window(2);
        debt.add(10);
        debt.pay(3);
        assertThat(debt.total()).isEqualTo(12);
        debt.pay(4);
        assertThat(debt.total()).isEqualTo(8);
        assertThat(debt.lapse(2 * DURATION)).as("nothing is left from before").isZero();
    }

    @Test
    void aBalanceNeverLapses() {
        Meter spent = new Meter(60_000);
        spent.learn(-100, Meter.NO_WINDOW, Duration.ofMinutes(10), 0, 0);
        Debt balance = new Debt(new Tab(spent, "", 0, 0, false));
        balance.add(5);
        assertThat(balance.lapse(Long.MAX_VALUE)).isZero();
        spent.learn(-90, Meter.NO_WINDOW, Duration.ofMinutes(10), 1, 1);
        assertThat(balance.add(1)).isZero();
        balance.board();
        assertThat(balance.back()).isZero();
        assertThat(balance.total()).isEqualTo(6);
    }

    private Debt debt() {
        window(1);
        return new Debt(new Tab(meter, "a", 100, DURATION, false));
    }

    /** Unkey reports the window of that number. */
    private void window(long number) {
        meter.learn(0, number * DURATION, Duration.ofMinutes(1), number, number);
    }
}
