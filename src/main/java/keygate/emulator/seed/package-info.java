/** Reading a world from YAML, with every mistake reported by line, column and key path. */
@NullMarked
package keygate.emulator.seed;

import org.jspecify.annotations.NullMarked;
