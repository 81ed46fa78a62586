package keygate.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.FlawedFile;
import keygate.accept.tls.Identity;
import keygate.accept.tls.PemFile;
import keygate.accept.tls.ServerTls;
import keygate.accept.tls.TlsFiles;
import org.jspecify.annotations.Nullable;

/** Reads how connections are encrypted, and looks into every file that is named. */
final class TlsReader {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final String PAIR = "write it as {cert: /path/fullchain.pem, key: /path/key.pem}";

    private TlsReader() {}

    /** Something read from a file, with the place that names the file. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(PemFile file) throws FlawedFile;
    }

    /** The listener's encryption, or null where there is none. */
    static @Nullable ServerTls server(Field field) {
        Section section = field.optionalSection();
        Field certificates = section.at("certificates");
        List<TlsFiles.Pair> pairs = new ArrayList<>();
        for (Field item : certificates.items()) {
            Section pair = item.section();
            add(pairs, pair(pair.at("cert"), pair.at("key")));
            pair.done();
        }
        Field clientAuth = section.at("clientAuth");
        ServerTls.Ask asks = clientAuth.choice(ServerTls.Ask.class, ServerTls.Ask.NONE);
        Field ca = section.at("clientCa");
        Path authorities = authorities(ca);
        ServerTls tls = new ServerTls(
                new TlsFiles(pairs, authorities, reload(section)),
                section.at("minVersion")
                        .parse(TlsReader::version, ServerTls.Version.TLS_1_2, "write \"1.2\" or \"1.3\""),
                asks,
                section.at("handshakeTimeout").duration(Duration.ofSeconds(10), TICK, Duration.ofMinutes(1)));
        section.done();
        if (!field.isPresent()) {
            return null;
        }
        if (!certificates.isPresent() || (certificates.items().isEmpty() && certificates.isList())) {
            certificates.fault("there is no certificate", PAIR);
        }
        if ((asks == ServerTls.Ask.NONE) == ca.isPresent()) {
            ca.fault(
                    ca.isPresent() ? "no caller is asked for a certificate" : "it is missing",
                    "set clientAuth and clientCa together, or neither");
        }
        return tls;
    }

    /** The encryption of connections to a service; what stands there where no section does. */
    static ClientTls client(Field field) {
        Section section = field.optionalSection();
        Field cert = section.at("cert");
        Field key = section.at("key");
        List<TlsFiles.Pair> pairs = new ArrayList<>();
        if (cert.isPresent() || key.isPresent()) {
            add(pairs, pair(cert, key));
        }
        ClientTls tls = new ClientTls(
                new TlsFiles(pairs, authorities(section.at("ca")), reload(section)),
                section.at("serverName").parse(TlsReader::hostName, "", "write a host name such as api.internal"),
                section.at("verifyHost").flag(true));
        section.done();
        return tls;
    }

    /** Whom to trust instead of those that Java does. */
    static ClientTls trust(Field field) {
        Section section = field.optionalSection();
        Field ca = section.at("ca");
        ClientTls tls = new ClientTls(new TlsFiles(List.of(), authorities(ca), reload(section)), "", true);
        section.done();
        if (field.isPresent() && !ca.isPresent()) {
            ca.fault("it is missing", "write it as /path/ca.pem, or remove tls");
        }
        return tls;
    }

    private static Duration reload(Section section) {
        return section.at("reload").duration(Duration.ofSeconds(10), TICK, Duration.ofDays(1));
    }

    private static void add(List<TlsFiles.Pair> pairs, TlsFiles.@Nullable Pair pair) {
        if (pair != null) {
            pairs.add(pair);
        }
    }

    private static TlsFiles.@Nullable Pair pair(Field certField, Field keyField) {
        Path cert = path(certField, PAIR);
        Path key = path(keyField, PAIR);
        List<X509Certificate> chain = cert == null ? null : read(certField, cert, PemFile::certificates);
        PrivateKey secret = key == null ? null : read(keyField, key, PemFile::key);
        if (cert == null || key == null || chain == null || secret == null) {
            return null;
        }
        try {
            Identity.of(chain, secret);
            return new TlsFiles.Pair(cert, key);
        } catch (FlawedFile e) {
            keyField.fault(e.problem(), e.mend());
            return null;
        }
    }

    private static @Nullable Path authorities(Field field) {
        if (!field.isPresent()) {
            return null;
        }
        Path path = path(field, "write it as /path/ca.pem");
        return path == null || read(field, path, PemFile::certificates) == null ? null : path;
    }

    private static @Nullable Path path(Field field, String mend) {
        String text = field.required(mend);
        try {
            return text.isBlank() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            field.fault("'" + text + "' is no path", mend);
            return null;
        }
    }

    private static <T> @Nullable T read(Field field, Path path, Reader<T> reader) {
        try {
            return reader.read(PemFile.read(path));
        } catch (FlawedFile e) {
            field.fault(e.problem(), e.mend());
            return null;
        }
    }

    private static ServerTls.Version version(String text) {
        for (ServerTls.Version version : ServerTls.Version.values()) {
            if (version.written().equals(text)) {
                return version;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no version that is spoken here");
    }

    private static String hostName(String text) {
        if (!text.matches("[A-Za-z0-9]([A-Za-z0-9._-]*)")) {
            throw new IllegalArgumentException("'" + text + "' is no host name");
        }
        return text;
    }
}
