package keygate.proxy;

import keygate.accept.Reason;

/**
 * How a request ended on the wire.
 *
 * @param reason {@code SERVED}, or why not wholly
 * @param status what the caller was sent, or would have been
 * @param bytesIn body bytes received from the caller
 * @param bytesOut body bytes sent to the caller
 */
public record Delivery(Reason reason, int status, long bytesIn, long bytesOut) {}
