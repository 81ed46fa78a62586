package keygate.limit;

import keygate.judge.Asks;

/**
 * What can be charged: a limit of a key, or its balance.
 *
 * @param meter counts what is used of it
 * @param name the limit's name; empty for the balance
 * @param capacity tokens in a window; 0 for the balance, whose meter counts down from there
 * @param duration the window in milliseconds; 0 for the balance
 * @param inline whether the limit stands only in the question
 */
record Tab(Meter meter, String name, long capacity, long duration, boolean inline) {
    boolean isBalance() {
        return name.isEmpty();
    }

    /** The same, counted by another meter. */
    Tab with(Meter other) {
        return new Tab(other, name, capacity, duration, inline);
    }

    /** The limit as a call names it. */
    Asks.Limit named(long cost) {
        return inline ? new Asks.Limit(name, cost, capacity, duration) : new Asks.Limit(name, cost, null, null);
    }

    /** The most that may be owed on it. */
    long most(SettleSettings settings) {
        return settings.most(isBalance() ? meter.reported(0) : capacity);
    }
}
