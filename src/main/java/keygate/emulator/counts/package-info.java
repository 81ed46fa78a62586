/** What is counted down: credit balances and rate-limit windows. Not thread-safe on its own. */
@NullMarked
package keygate.emulator.counts;

import org.jspecify.annotations.NullMarked;
