/** The YAML file, checked and turned into the settings records of the steps. */
@NullMarked
package keygate.config;

import org.jspecify.annotations.NullMarked;
