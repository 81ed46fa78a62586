package keygate.emulator.counts;

/**
 * What became of a wish to take tokens.
 *
 * @param exceeded whether this one did not fit
 * @param remaining tokens left; 0 when exceeded, although some may be left
 * @param reset end of the current window cell, epoch milliseconds
 */
public record Taken(boolean exceeded, long remaining, long reset) {}
