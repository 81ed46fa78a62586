package keygate.accept;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A range of addresses such as {@code 10.0.0.0/8}, or a single address. */
public final class Cidr {
    private final byte[] network;
    private final int bits;

    private Cidr(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /** Reads {@code address/bits} or a lone address; empty where it is neither. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return Optional.empty();
        }
        int width = address.length * 8;
        String length = slash < 0 ? Integer.toString(width) : text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > width) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(length);
        byte[] plain = unmapped(address);
        int mapping = (address.length - plain.length) * 8;
        return Optional.of(bits < mapping ? new Cidr(address, bits) : new Cidr(plain, bits - mapping));
    }

    /** Whether it is larger than any private network: 10.0.0.0/8 and fc00::/7 are the largest. */
    public boolean isWorldwide() {
        return bits < (network.length == 4 ? 8 : 7);
    }

    /** Whether a raw address of 4 or 16 octets is in this range; IPv4-mapped IPv6 counts as IPv4. */
    boolean contains(byte[] address) {
        byte[] plain = unmapped(address);
        if (plain.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(plain, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((plain[whole] ^ network[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }

    static byte[] unmapped(byte[] address) {
        boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
        for (int i = 0; mapped && i < 10; i++) {
            mapped = address[i] == 0;
        }
        return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cidr range && range.bits == bits && Arrays.equals(range.network, network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + bits;
    }
}
