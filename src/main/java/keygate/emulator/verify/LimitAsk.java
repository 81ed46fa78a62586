package keygate.emulator.verify;

import org.jspecify.annotations.Nullable;

/**
 * A rate limit in a request.
 *
 * @param name selects a stored limit, or names one sent along
 * @param cost tokens to take; null for 1
 * @param limit with {@code duration}, makes it one sent along
 * @param duration milliseconds
 */
public record LimitAsk(
        String name,
        @Nullable Long cost,
        @Nullable Long limit,
        @Nullable Long duration) {}
