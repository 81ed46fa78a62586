/** The client of Unkey's API; implements the verdict source that {@code judge} declares. */
@NullMarked
package keygate.unkey;

import org.jspecify.annotations.NullMarked;
