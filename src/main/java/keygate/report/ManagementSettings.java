package keygate.report;

/**
 * Where operators look.
 *
 * @param host the address to bind; loopback unless told otherwise
 * @param port the port to bind; 0 picks a free one
 */
public record ManagementSettings(String host, int port) {}
