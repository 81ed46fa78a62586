/** Live checks of everything that a configuration names. */
@NullMarked
package keygate.cli.doctor;

import org.jspecify.annotations.NullMarked;
