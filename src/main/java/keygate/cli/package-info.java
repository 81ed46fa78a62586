/** The commands: run, check, doctor, emulator, demo. */
@NullMarked
package keygate.cli;

import org.jspecify.annotations.NullMarked;
