/** The operations of the management API, in the style of Unkey's: {@code POST /v1/noun.verb} with JSON both ways. */
@NullMarked
package keygate.manage.api;

import org.jspecify.annotations.NullMarked;
