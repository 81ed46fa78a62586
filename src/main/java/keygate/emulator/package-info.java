/** A faithful offline Unkey: the verification API over HTTP, its state, and faults on demand. */
@NullMarked
package keygate.emulator;

import org.jspecify.annotations.NullMarked;
