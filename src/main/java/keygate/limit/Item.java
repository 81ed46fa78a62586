package keygate.limit;

import org.jspecify.annotations.Nullable;

/**
 * A part of what a request costs, for operators.
 *
 * @param name the limit's name; empty for the balance
 * @param cost what the request takes, 0 or more
 * @param limit tokens in a window; 0 for the balance
 * @param window the window in milliseconds; 0 for the balance
 * @param remaining what is left, without what is owed; null where that was never told
 * @param reset when the window ends, epoch milliseconds; 0 for the balance, and where it is not known
 * @param fits whether the request was, or could be, admitted as far as this part goes
 */
public record Item(
        String name,
        long cost,
        long limit,
        long window,
        @Nullable Long remaining,
        long reset,
        boolean fits) {
    static Item of(Price.Charge charge, boolean admitted) {
        Tab tab = charge.tab();
        Meter meter = tab.meter();
        boolean known = !meter.isUnknown();
        return new Item(
                tab.name(),
                charge.cost(),
                tab.capacity(),
                tab.duration(),
                known ? Long.valueOf(meter.remaining(tab.capacity())) : null,
                known ? meter.window() : 0,
                admitted || charge.cost() == 0 || !known || meter.free(tab.capacity()) >= charge.cost());
    }
}
