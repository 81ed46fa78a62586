package keygate.limit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import keygate.limit.Books.Loss;

/** All that one key owes, kept in step with the meters and the books. Guarded by its account. */
final class Debts {
    private final Map<Tab, Debt> debts = new LinkedHashMap<>();
    private final Books books;

    Debts(Books books) {
        this.books = books;
    }

    /** The same on other meters and in other books. */
    Debts copy(Books others, UnaryOperator<Meter> meterOf) {
        Debts copy = new Debts(others);
        debts.forEach((tab, debt) -> {
            Tab other = tab.with(meterOf.apply(tab.meter()));
            copy.debts.put(other, debt.copy(other));
        });
        return copy;
    }

    /** Adds a price that its meters have admitted; tells whether half of what may be owed on one of its tabs is. */
    boolean owe(Price price, SettleSettings settings) {
        boolean much = false;
        for (Price.Charge charge : price.charges()) {
            books.owes(charge.cost());
            Debt debt = debts.computeIfAbsent(charge.tab(), Debt::new);
            lapse(debt.tab(), debt.add(charge.cost()));
            much |= charge.cost() > 0 && debt.total() * 2 >= debt.tab().most(settings);
        }
        return much;
    }

    /** What is too old by now to count at Unkey is written off; in epoch milliseconds. */
    void lapse(long now) {
        debts.values().forEach(debt -> lapse(debt.tab(), debt.lapse(now)));
    }

    /** What a call carried is paid. */
    void settled(Debt debt) {
        long units = debt.landed();
        debt.tab().meter().pay(units);
        books.settles(units);
    }

    /** So much of what is owed was charged by the way. */
    void paid(Debt debt, long units) {
        long part = Math.min(units, debt.total());
        debt.pay(part);
        debt.tab().meter().pay(part);
        books.settles(part);
    }

    /** What a call carried is written off: it may have been charged, or never will be, and is not sent again. */
    void lost(Debt debt, Loss loss) {
        long old = debt.flyingBefore();
        long window = debt.flyingWindow();
        long units = debt.landed() - old;
        // Whatever window it was, it is over.
        writeOff(debt.tab(), old, loss, Long.MIN_VALUE);
        writeOff(debt.tab(), units, loss, window);
    }

    /** What a call carried was not charged. */
    void back(Debt debt) {
        lapse(debt.tab(), debt.back());
    }

    /** What is owed on a tab beyond so much is written off. */
    void trim(Debt debt, long most, Loss loss) {
        long excess = debt.total() - Math.max(0, most);
        if (excess > 0) {
            debt.pay(excess);
            writeOff(debt.tab(), excess, loss, debt.tab().meter().window());
        }
    }

    /** A tab is no more. */
    void drop(Debt debt) {
        trim(debt, 0, Loss.GONE);
        debts.remove(debt.tab());
    }

    private void lapse(Tab tab, long units) {
        writeOff(tab, units, Loss.LAPSED, 0);
    }

    private void writeOff(Tab tab, long units, Loss loss, long window) {
        if (units > 0) {
            tab.meter().pay(units);
            if (loss != Loss.LAPSED) {
                tab.meter().lose(units, window);
            }
            books.writesOff(loss, units);
        }
    }

    /** What is owed on every tab, also where it is nothing. */
    List<Debt> all() {
        return List.copyOf(debts.values());
    }

    /** Whether nothing is owed, apart from what is on its way. */
    boolean areClear() {
        return debts.values().stream().allMatch(debt -> debt.total() == 0);
    }
}
