/** Step 4: who is this key, and may it use this route: remembered answers first, then the verdict source. */
@NullMarked
package keygate.judge;

import org.jspecify.annotations.NullMarked;
