/** The management port, for operators: health, metrics, and an API to look at the gateway and to change its state. */
@NullMarked
package keygate.manage;

import org.jspecify.annotations.NullMarked;
