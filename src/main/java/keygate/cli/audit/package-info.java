/** What the routes of a configuration mean for the keys that exist. */
@NullMarked
package keygate.cli.audit;

import org.jspecify.annotations.NullMarked;
