package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A range holds exactly the addresses that share its leading bits, in either spelling of IPv4. */
class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "10.0.0.0/9, 10.127.255.255, true",
        "10.0.0.0/9, 10.128.0.0, false",
        "192.168.1.128/25, 192.168.1.200, true",
        "192.168.1.128/25, 192.168.1.127, false",
        "192.168.1.4/31, 192.168.1.5, true",
        "192.168.1.4/31, 192.168.1.6, false",
        "192.168.1.4/32, 192.168.1.4, true",
        "192.168.1.4/32, 192.168.1.5, false",
        "192.168.1.4, 192.168.1.4, true",
        "192.168.1.4, 192.168.1.5, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 10.0.0.1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/33, 2001:db8:8000::, false",
        "::1, ::1, true",
        "::1, ::2, false",
        "fe80::/10, febf::1, true",
        "fe80::/10, fec0::1, false",
        "::ffff:10.0.0.0/104, 10.9.9.9, true",
        "::ffff:10.0.0.0/104, 11.0.0.1, false",
        "::ffff:10.0.0.1, 10.0.0.1, true",
        "::ffff:0:0/96, 203.0.113.9, true"
    })
    void holdsWhatSharesItsBits(String range, String address, boolean held) throws UnknownHostException {
        byte[] octets = InetAddress.getByName(address).getAddress();
        assertThat(Cidr.parse(range).orElseThrow().contains(octets)).isEqualTo(held);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 10.1.2.3, true", "10.0.0.0/8, 11.1.2.3, false", "::/0, 10.1.2.3, false"})
    void mappedAddressesCountAsIpv4(String range, String address, boolean held) throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(InetAddress.getByName(address).getAddress(), 0, mapped, 12, 4);
        assertThat(Cidr.parse(range).orElseThrow().contains(mapped)).isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/8 ",
                "10.0.0.0/1e1",
                "10.0.0.0/9999",
                "10.0.0/8",
                "10.0.0.256",
                "localhost",
                "example.com/8",
                "::/129",
                "::g",
                ":::",
                "10.0.0.0/\u0668",
                "10.0.0.0 - 10.0.0.9"
            })
    void refusesWhatIsNone(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }
}
