/** A demonstration upstream that answers with what it received. */
@NullMarked
package keygate.demo;

import org.jspecify.annotations.NullMarked;
