/** All state in one store, the row caches before it, and the identifiers in it. Not thread-safe on its own. */
@NullMarked
package keygate.emulator.state;

import org.jspecify.annotations.NullMarked;
