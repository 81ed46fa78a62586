package keygate.emulator.state;

/**
 * The moment of a call.
 *
 * @param now epoch milliseconds
 * @param stale whether rows may be served stale
 */
public record When(long now, boolean stale) {}
