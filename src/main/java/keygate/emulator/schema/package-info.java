/** The few JSON schema rules the API needs, each finding named by where it is and how to mend it. */
@NullMarked
package keygate.emulator.schema;

import org.jspecify.annotations.NullMarked;
