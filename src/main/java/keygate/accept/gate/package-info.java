/** What happens to a connection before it is one of HTTP: who may connect, how many, and who says they are. */
@NullMarked
package keygate.accept.gate;

import org.jspecify.annotations.NullMarked;
