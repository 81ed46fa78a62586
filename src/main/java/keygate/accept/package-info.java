/** Step 1: a socket's request becomes an {@code Ask}; also the words every later step shares. */
@NullMarked
package keygate.accept;

import org.jspecify.annotations.NullMarked;
