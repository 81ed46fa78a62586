/** Step 3: the credential is taken from the one place where it was presented. */
@NullMarked
package keygate.identify;

import org.jspecify.annotations.NullMarked;
