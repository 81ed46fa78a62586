/** What goes over the wire: answers, error envelopes and the JSON dialect they are written in. */
@NullMarked
package keygate.emulator.wire;

import org.jspecify.annotations.NullMarked;
