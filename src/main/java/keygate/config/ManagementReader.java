package keygate.config;

import keygate.manage.ManagementSettings;
import keygate.manage.Token;
import org.jspecify.annotations.Nullable;

/** Reads where operators look, and who may. */
final class ManagementReader {
    private static final int SHORTEST_TOKEN = 16;
    private static final String MEND = "write a random one, best as ${KEYGATE_TOKEN} or ${file:/run/secrets/token}";

    private ManagementReader() {}

    static ManagementSettings read(Section section) {
        ManagementSettings settings = new ManagementSettings(
                ServerReader.host(section, "127.0.0.1"),
                section.at("port").integer(9090, 0, 65_535),
                token(section.at("token").secret()),
                TlsReader.server(section.at("tls")),
                section.at("recent").integer(1000, 0, 10_000));
        section.done();
        return settings;
    }

    /** One that is there but empty must not leave the port open. */
    private static @Nullable Token token(Field field) {
        if (!field.isPresent()) {
            return null;
        }
        String secret = UnkeyReader.checked(field, "token", field.required(MEND));
        if (!secret.isBlank() && secret.length() < SHORTEST_TOKEN) {
            field.fault("the token has fewer than " + SHORTEST_TOKEN + " characters", MEND);
        }
        return Token.of(secret);
    }
}
