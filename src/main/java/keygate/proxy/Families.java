package keygate.proxy;

import io.netty.handler.codec.dns.DnsRecordType;
import java.net.Inet6Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** Which kinds of addresses are worth asking for. */
final class Families {
    private Families() {}

    static List<DnsRecordType> of(DnsSettings.Families families) {
        return switch (families) {
            case IPV4 -> List.of(DnsRecordType.A);
            case IPV6 -> List.of(DnsRecordType.AAAA);
            case BOTH -> List.of(DnsRecordType.A, DnsRecordType.AAAA);
            case AUTO -> of(hasIpv6() ? DnsSettings.Families.BOTH : DnsSettings.Families.IPV4);
        };
    }

    /** Without an address of that kind no such target can be reached, however well DNS knows it. */
    private static boolean hasIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(each -> each.getInterfaceAddresses().stream())
                    .map(InterfaceAddress::getAddress)
                    .anyMatch(address -> address instanceof Inet6Address
                            && !address.isLoopbackAddress()
                            && !address.isLinkLocalAddress());
        } catch (SocketException e) {
            return false;
        }
    }
}
