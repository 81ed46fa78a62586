/** Very many requests of all kinds, whole and aborted, and what is left of them. */
@NullMarked
package keygate.soak;

import org.jspecify.annotations.NullMarked;
