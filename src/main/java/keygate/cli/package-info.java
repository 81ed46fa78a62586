/** The commands: run, check, emulator, demo. */
@NullMarked
package keygate.cli;

import org.jspecify.annotations.NullMarked;
