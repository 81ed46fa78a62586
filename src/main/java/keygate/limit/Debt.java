package keygate.limit;

/**
 * What one key owes on one tab. A unit counts in two of Unkey's windows at most, the one it was admitted in and the
 * next, so older ones lapse. What a call has taken along is neither lapsed nor sent again until it has landed. Guarded
 * by its account.
 */
final class Debt {
    private final Tab tab;
    private long window;
    private long units;
    private long before;
    private long flying;
    private long flyingBefore;
    private long flyingWindow;

    Debt(Tab tab) {
        this.tab = tab;
        this.window = tab.meter().window();
    }

    /** As much on another tab, without what is on its way. */
    Debt copy(Tab other) {
        Debt copy = new Debt(other);
        copy.window = window;
        copy.units = units;
        copy.before = before;
        return copy;
    }

    Tab tab() {
        return tab;
    }

    /** Adds so much, and tells how much lapses. */
    long add(long cost) {
        long lapsed = roll(tab.meter().window());
        units += cost;
        return lapsed;
    }

    private long roll(long current) {
        if (current <= window) {
            return 0;
        }
        boolean next = current - window <= tab.duration();
        long lapsed = next ? before : before + units;
        before = next ? units : 0;
        units = 0;
        window = current;
        return lapsed;
    }

    /** Tells how much lapses by now, epoch milliseconds; it is owed no more. */
    long lapse(long now) {
        long lapsed = 0;
        if (!tab.isBalance() && now >= window) {
            lapsed = before;
            before = 0;
            if (now - window >= tab.duration()) {
                lapsed += units;
                units = 0;
            }
        }
        return lapsed;
    }

    /** A call takes everything along. */
    void board() {
        flying = units;
        flyingBefore = before;
        flyingWindow = window;
        units = 0;
        before = 0;
    }

    /** The call was carried out, or nobody knows: what it took along is owed no more. Tells how much that is. */
    long landed() {
        long landed = flying + flyingBefore;
        flying = 0;
        flyingBefore = 0;
        return landed;
    }

    /** The call was not carried out: what it took along is owed as before. Tells how much of it lapses. */
    long back() {
        long lapsed = 0;
        if (window == flyingWindow) {
            units += flying;
            before += flyingBefore;
        } else {
            boolean next = window - flyingWindow <= tab.duration();
            before += next ? flying : 0;
            lapsed = flyingBefore + (next ? 0 : flying);
        }
        flying = 0;
        flyingBefore = 0;
        return lapsed;
    }

    /** What is on its way from the window before {@link #flyingWindow()}. */
    long flyingBefore() {
        return flyingBefore;
    }

    /** The end of the window in which most of what is on its way was admitted. */
    long flyingWindow() {
        return flyingWindow;
    }

    /** So much is owed no more. */
    void pay(long paid) {
        long old = Math.min(before, paid);
        before -= old;
        units -= paid - old;
    }

    /** What is owed and not on its way. */
    long total() {
        return before + units;
    }
}
