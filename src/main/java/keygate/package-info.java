/** Keygate, the program: the journey of a request, step by step, and the commands that run it. */
@NullMarked
package keygate;

import org.jspecify.annotations.NullMarked;
