package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client is the first hop from the right that is not trusted: nobody can make itself somebody else. */
class TrustedHopsTest {
    private static final TrustedHops HOPS = hops("10.0.0.0/8", "2001:db8:1::/48");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1 | 203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | 203.0.113.9, 10.0.0.2 | 203.0.113.9",
                "10.0.0.1 | 198.51.100.1, 203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | 198.51.100.1, 203.0.113.9, 10.0.0.3, 10.0.0.2 | 203.0.113.9",
                "10.0.0.1 | 10.0.0.3, 10.0.0.2 | 10.0.0.3",
                "10.0.0.1 | 203.0.113.9:4711 | 203.0.113.9",
                "10.0.0.1 | 203.0.113.9:4711, 10.0.0.2:80 | 203.0.113.9",
                "10.0.0.1 | 2001:db8:2::7 | 2001:db8:2::7",
                "10.0.0.1 | [2001:db8:2::7]:443 | 2001:db8:2::7",
                "10.0.0.1 | [2001:db8:2::7] | 2001:db8:2::7",
                "10.0.0.1 | 2001:DB8:2:0:0::7 | 2001:db8:2::7",
                "10.0.0.1 | ::ffff:203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | 203.0.113.9, ::ffff:10.0.0.2 | 203.0.113.9",
                "2001:db8:1::5 | 203.0.113.9 | 203.0.113.9",
                "::ffff:10.0.0.1 | 203.0.113.9 | 203.0.113.9"
            })
    void readsFromTheRight(String peer, String chain, String expected) {
        Ask.Client client = HOPS.client(peer, List.of(chain.split(", ", -1)));
        assertThat(client.ip()).isEqualTo(expected);
        assertThat(client.peerTrusted()).isTrue();
        assertThat(client.peer()).isEqualTo(peer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9, unknown, 10.0.0.2 | 10.0.0.2",
                "203.0.113.9, unknown | 10.0.0.1",
                "203.0.113.9, _hidden, 10.0.0.2 | 10.0.0.2",
                "203.0.113.9, 10.0.0.256 | 10.0.0.1",
                "203.0.113.9, [2001:db8:1::2 | 10.0.0.1",
                "203.0.113.9, :80 | 10.0.0.1",
                "203.0.113.9, localhost | 10.0.0.1",
                "203.0.113.9, 0x0a000001 | 10.0.0.1",
                "203.0.113.9, 167772161 | 10.0.0.1",
                "203.0.113.9, for=10.0.0.3 | 10.0.0.1"
            })
    void garbageEndsTheReading(String chain, String expected) {
        assertThat(HOPS.client("10.0.0.1", List.of(chain.split(", ", -1))).ip()).isEqualTo(expected);
    }

    @Test
    void anUntrustedPeerSpeaksForItselfOnly() {
        Ask.Client client = HOPS.client("203.0.113.9", List.of("198.51.100.1", "10.0.0.1"));
        assertThat(client).isEqualTo(new Ask.Client("203.0.113.9", "203.0.113.9", false));
    }

    @Test
    void nobodyIsTrustedWhereNothingIsSaid() {
        Ask.Client client = hops().client("127.0.0.1", List.of("10.0.0.1"));
        assertThat(client.ip()).isEqualTo("127.0.0.1");
        assertThat(client.peerTrusted()).isFalse();
    }

    @Test
    void aPeerWithoutAnAddressIsNotTrusted() {
        assertThat(hops("0.0.0.0/0", "::/0").client("", List.of("203.0.113.9")))
                .isEqualTo(new Ask.Client("", "", false));
    }

    @Test
    void anEmptyChainLeavesThePeer() {
        assertThat(HOPS.client("10.0.0.1", List.of()).ip()).isEqualTo("10.0.0.1");
    }

    @Test
    void whatStandsLeftOfTheClientChangesNothing() {
        Random random = new Random(21);
        List<String> noise = List.of("10.0.0.9", "198.51.100.1", "garbage", "", "[::", "::1", "203.0.113.9");
        for (int i = 0; i < 2_000; i++) {
            List<String> chain = new ArrayList<>();
            for (int n = random.nextInt(5); n > 0; n--) {
                chain.add(noise.get(random.nextInt(noise.size())));
            }
            chain.add("198.51.100.77");
            for (int n = random.nextInt(3); n > 0; n--) {
                chain.add("10." + random.nextInt(256) + ".0.1");
            }
            assertThat(HOPS.client("10.0.0.1", chain).ip()).as(chain.toString()).isEqualTo("198.51.100.77");
        }
    }

    private static TrustedHops hops(String... ranges) {
        List<Cidr> parsed = new ArrayList<>();
        for (String range : ranges) {
            parsed.add(Cidr.parse(range).orElseThrow());
        }
        return new TrustedHops(parsed, false);
    }
}
