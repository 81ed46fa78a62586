/** The verification itself: who may ask, in which order the checks run, and what the answer says. */
@NullMarked
package keygate.emulator.verify;

import org.jspecify.annotations.NullMarked;
