/** What a workspace holds, as immutable rows, and the tables they lie in. Not thread-safe on its own. */
@NullMarked
package keygate.emulator.rows;

import org.jspecify.annotations.NullMarked;
