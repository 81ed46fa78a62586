/** Step 7: both bodies stream between downstream and upstream. */
@NullMarked
package keygate.proxy;

import org.jspecify.annotations.NullMarked;
