/** Certificates and keys in PEM files: read, checked, watched, and put into Vert.x' terms for servers and clients. */
@NullMarked
package keygate.accept.tls;

import org.jspecify.annotations.NullMarked;
