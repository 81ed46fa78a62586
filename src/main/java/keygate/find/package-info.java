/** Step 2: an {@code Ask} finds its route by host, path and method; the most specific wins. */
@NullMarked
package keygate.find;

import org.jspecify.annotations.NullMarked;
