/** Step 8: one log line and one set of metrics per request, and the management port. */
@NullMarked
package keygate.report;

import org.jspecify.annotations.NullMarked;
