/** What the behaviour tests stand on: real servers, raw sockets, an injected clock, and a fixture that finds leaks. */
@NullMarked
package keygate.rig;

import org.jspecify.annotations.NullMarked;
