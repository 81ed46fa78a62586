/** The commands: run, check, doctor, audit, emulator, demo. */
@NullMarked
package keygate.cli;

import org.jspecify.annotations.NullMarked;
