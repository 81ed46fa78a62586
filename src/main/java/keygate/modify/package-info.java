/** Step 6: the header edits of both directions, as data. */
@NullMarked
package keygate.modify;

import org.jspecify.annotations.NullMarked;
