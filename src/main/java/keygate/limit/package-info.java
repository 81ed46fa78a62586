/** Step 5: may the key spend this much now: meters that count what remembered answers admit. */
@NullMarked
package keygate.limit;

import org.jspecify.annotations.NullMarked;
