/** Step 8: one log line and one set of metrics per request. */
@NullMarked
package keygate.report;

import org.jspecify.annotations.NullMarked;
