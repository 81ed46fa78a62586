package keygate.config;

import java.net.URI;
import java.time.Duration;
import keygate.accept.tls.ClientTls;
import keygate.unkey.Secret;
import keygate.unkey.UnkeySettings;
import org.jspecify.annotations.Nullable;

/** Reads how Unkey is called. */
final class UnkeyReader {
    private static final URI DEFAULT = URI.create("https://api.unkey.com");
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private UnkeyReader() {}

    static UnkeySettings read(Section section, boolean needed) {
        Field rootKey = section.at("rootKey").secret();
        String mend = "set unkey.rootKey, best as ${UNKEY_ROOT_KEY} or ${file:/run/secrets/unkey}";
        String secret = needed ? rootKey.required(mend) : rootKey.text();
        Field canary = section.at("canary").secret();
        String sentinel = canary.text();
        UnkeySettings settings = new UnkeySettings(
                section.at("url").parse(UnkeyReader::url, DEFAULT, "write it as " + DEFAULT),
                new Secret(secret == null ? "" : checked(rootKey, "root key", secret)),
                sentinel == null || sentinel.isEmpty() ? null : new Secret(checked(canary, "canary key", sentinel)),
                section.at("timeout").duration(Duration.ofSeconds(2), TICK, MINUTE),
                section.at("connectTimeout").duration(Duration.ofSeconds(1), TICK, MINUTE),
                section.at("keepAlive").duration(Duration.ofSeconds(8), Duration.ofSeconds(1), MINUTE),
                section.at("maxConnections").integer(32, 1, 10_000),
                section.at("maxPending").integer(256, 0, 100_000),
                section.at("maxResponse").size(1024 * 1024, 1024, 64 * 1024 * 1024),
                tls(section.at("tls")));
        section.done();
        return settings;
    }

    private static @Nullable ClientTls tls(Field field) {
        ClientTls tls = TlsReader.trust(field);
        return field.isPresent() ? tls : null;
    }

    private static URI url(String text) {
        URI uri = Url.base(text);
        String written = uri.toString();
        return written.endsWith("/") ? URI.create(written.substring(0, written.length() - 1)) : uri;
    }

    /** The secret, or nothing where it cannot be sent in a header. */
    static String checked(Field field, String what, String secret) {
        if (secret.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
            field.fault("the " + what + " holds white space or characters outside ASCII", "check how it is set");
            return "";
        }
        return secret;
    }
}
