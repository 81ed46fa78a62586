package keygate.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import keygate.proxy.DnsSettings;
import org.jspecify.annotations.Nullable;

/** Reads how the names of targets are looked up. */
final class DnsReader {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int DNS_PORT = 53;
    private static final String MEND = "write an address, with a port or without: 10.0.0.53:53";
    private static final Pattern SERVER = Pattern.compile("\\[([^\\]]+)](?::(\\d{1,5}))?|([^:]+)(?::(\\d{1,5}))?");

    private DnsReader() {}

    static DnsSettings read(Section section) {
        Duration minTtl = section.at("minTtl").duration(Duration.ofSeconds(1), TICK, HOUR);
        Duration maxTtl = section.at("maxTtl").duration(Duration.ofSeconds(30), TICK, HOUR);
        if (maxTtl.compareTo(minTtl) < 0) {
            section.at("maxTtl")
                    .fault(
                            "the longest time (" + Units.text(maxTtl) + ") is shorter than the shortest ("
                                    + Units.text(minTtl) + ")",
                            "raise maxTtl, or lower minTtl");
        }
        DnsSettings settings = new DnsSettings(
                servers(section.at("servers")),
                search(section.at("search")),
                ndots(section.at("ndots")),
                section.at("families").choice(DnsSettings.Families.class, DnsSettings.Families.AUTO),
                section.at("timeout").duration(Duration.ofSeconds(2), TICK, Duration.ofMinutes(1)),
                minTtl,
                maxTtl);
        section.done();
        return settings;
    }

    private static List<InetSocketAddress> servers(Field field) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (Field item : field.items()) {
            servers.addAll(item.parse(text -> List.of(server(text)), List.of(), MEND));
        }
        return servers;
    }

    private static InetSocketAddress server(String text) {
        Matcher matcher = SERVER.matcher(text);
        boolean matches = matcher.matches();
        String host = !matches ? "" : matcher.group(1) == null ? matcher.group(3) : matcher.group(1);
        String port = !matches ? null : matcher.group(1) == null ? matcher.group(4) : matcher.group(2);
        int number = port == null ? DNS_PORT : Integer.parseInt(port);
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null || number < 1 || number > 65_535) {
            throw new IllegalArgumentException("'" + text + "' is no address of a DNS server");
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), number);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static @Nullable List<String> search(Field field) {
        List<String> domains = new ArrayList<>();
        for (Field item : field.items()) {
            domains.add(item.parse(DnsReader::domain, "", "write a domain such as default.svc.cluster.local"));
        }
        return field.isPresent() ? domains : null;
    }

    private static String domain(String text) {
        if (!text.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})")) {
            throw new IllegalArgumentException("'" + text + "' is no domain");
        }
        return text;
    }

    private static @Nullable Integer ndots(Field field) {
        int dots = field.integer(-1, 0, 15);
        return dots < 0 ? null : dots;
    }
}
