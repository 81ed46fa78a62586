package keygate.emulator.verify;

import keygate.emulator.counts.Taken;
import keygate.emulator.rows.Limit;

/**
 * A rate limit that was evaluated, and how that went.
 *
 * @param limit the limit
 * @param taken the outcome
 */
public record LimitOutcome(Limit limit, Taken taken) {}
