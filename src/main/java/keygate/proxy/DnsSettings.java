package keygate.proxy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the names of targets are looked up.
 *
 * @param servers who is asked, in this order; none for those of the machine
 * @param search domains that short names are tried in; null for those of the machine
 * @param ndots names with fewer dots are tried in the search domains first; null for the machine's number
 * @param families which addresses are asked for
 * @param timeout the most that one server may take to answer
 * @param minTtl the least time between two lookups of a name
 * @param maxTtl the most
 */
public record DnsSettings(
        List<InetSocketAddress> servers,
        @Nullable List<String> search,
        @Nullable Integer ndots,
        Families families,
        Duration timeout,
        Duration minTtl,
        Duration maxTtl) {
    public DnsSettings {
        servers = List.copyOf(servers);
        search = search == null ? null : List.copyOf(search);
    }

    /** Which addresses are asked for. */
    public enum Families {
        /** IPv4, and IPv6 where this machine has an IPv6 address that reaches further than its own link. */
        AUTO,
        /** Both, whatever this machine has. */
        BOTH,
        /** IPv4 alone. */
        IPV4,
        /** IPv6 alone. */
        IPV6
    }
}
