package keygate.config;

import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import keygate.accept.Cidr;
import keygate.accept.ServerSettings;
import keygate.accept.TrustedHops;
import org.jspecify.annotations.Nullable;

/** Reads how the gateway listens. */
final class ServerReader {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String HOP = "write an address, a range such as 10.0.0.0/8, or unix";
    /** What the kernel has room for, with the zero at the end. */
    private static final int MAX_SOCKET_PATH = 107;

    private ServerReader() {}

    static ServerSettings read(Section section) {
        String host = host(section, "0.0.0.0");
        int port = section.at("port").integer(8080, 0, 65_535);
        int eventLoops = section.at("eventLoops").integer(Runtime.getRuntime().availableProcessors(), 1, 256);
        Path path = path(section);
        ServerSettings settings = new ServerSettings(
                host,
                port,
                path,
                eventLoops,
                section.at("idleTimeout").duration(Duration.ofSeconds(90), TICK, Duration.ofHours(2)),
                limits(section),
                section.at("drain").duration(Duration.ofSeconds(10), TICK, HOUR),
                trustedHops(section.at("trustedHops"), path != null),
                new ServerSettings.Preamble(
                        section.at("proxyProtocol").choice(ServerSettings.Announced.class, ServerSettings.Announced.OFF)
                                == ServerSettings.Announced.REQUIRED,
                        section.at("proxyProtocolTimeout")
                                .duration(Duration.ofSeconds(5), TICK, Duration.ofMinutes(1))),
                http2(section.at("http2").section()),
                TlsReader.server(section.at("tls")));
        section.done();
        return settings;
    }

    private static ServerSettings.Limits limits(Section section) {
        return new ServerSettings.Limits(
                section.at("maxHeader").size(16 * 1024, 1024, 1024 * 1024),
                section.at("maxHeaders").integer(100, 10, 10_000),
                section.at("maxRequestLine").size(8 * 1024, 256, 64 * 1024),
                section.at("maxConnections").integer(10_000, 1, 1_000_000));
    }

    private static ServerSettings.Http2 http2(Section section) {
        ServerSettings.Http2 http2 = new ServerSettings.Http2(
                section.at("enabled").flag(true),
                section.at("maxConcurrentStreams").integer(100, 1, 10_000),
                section.at("maxResetStreams").integer(200, 1, 100_000));
        section.done();
        return http2;
    }

    private static @Nullable Path path(Section section) {
        Field field = section.at("path");
        if (!field.isPresent()) {
            return null;
        }
        if (section.at("host").isPresent() || section.at("port").isPresent()) {
            field.fault("a path stands instead of host and port, not beside them", "remove host and port, or the path");
        }
        String mend = "write an absolute path such as /run/keygate/keygate.sock";
        String text = field.parse(ServerReader::socketPath, "", mend);
        return text.isEmpty() ? null : Path.of(text);
    }

    private static String socketPath(String text) {
        if (!text.startsWith("/") || text.endsWith("/") || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is no absolute path of a file");
        }
        if (text.length() > MAX_SOCKET_PATH) {
            throw new IllegalArgumentException("the path is longer than " + MAX_SOCKET_PATH + " characters");
        }
        return text;
    }

    /** An address to bind. */
    static String host(Section section, String or) {
        return section.at("host")
                .parse(
                        text -> {
                            if (!NetUtil.isValidIpV6Address(text) && !text.matches("[A-Za-z0-9]([A-Za-z0-9._-]*)")) {
                                throw new IllegalArgumentException("'" + text + "' is no address to listen on");
                            }
                            return text;
                        },
                        or,
                        "write an address such as 0.0.0.0, without a port");
    }

    private static TrustedHops trustedHops(Field field, boolean unixListener) {
        List<Cidr> ranges = new ArrayList<>();
        boolean local = false;
        for (Field item : field.items()) {
            String text = item.required(HOP);
            if (text.equals("unix")) {
                local = true;
                checkUnix(item, unixListener);
            } else {
                Cidr.parse(text).ifPresentOrElse(ranges::add, () -> item.fault("'" + text + "' is no address", HOP));
            }
        }
        return new TrustedHops(ranges, local);
    }

    private static void checkUnix(Field item, boolean unixListener) {
        if (!unixListener) {
            item.fault("nobody connects by a Unix socket here", "set server.path, or remove it");
        }
    }
}
