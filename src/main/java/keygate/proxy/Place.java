package keygate.proxy;

import io.vertx.core.net.SocketAddress;

/**
 * Where a target was found to run.
 *
 * @param priority lower ones are used while any of them is up
 * @param weight beside the other places of the same target
 */
record Place(SocketAddress address, int priority, double weight) {
    static Place of(String ip, int port) {
        // Vert.x takes the host for an authority's, where IPv6 stands in brackets.
        String host = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
        return new Place(SocketAddress.inetSocketAddress(port, host), 0, 1);
    }
}
