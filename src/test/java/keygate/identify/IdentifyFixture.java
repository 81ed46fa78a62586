package keygate.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Refusal;
import keygate.identify.IdentifyRule.Auth;
import org.jspecify.annotations.Nullable;

/** Credentials and places for tests. */
public final class IdentifyFixture {
    public static final KeyPlace BEARER = new KeyPlace.Bearer();
    public static final KeyPlace HEADER = new KeyPlace.InHeader("X-Api-Key", null);
    public static final KeyPlace TOKEN = new KeyPlace.InHeader("X-Auth", "Token ");
    public static final KeyPlace QUERY = new KeyPlace.InQuery("api_key");
    public static final KeyPlace COOKIE = new KeyPlace.InCookie("session");

    private IdentifyFixture() {}

    /** A key as it would have been presented as a bearer token. */
    public static Credential credential(String key) {
        return new Credential(key, BEARER);
    }

    public static IdentifyRule required(KeyPlace... places) {
        return new IdentifyRule(Auth.REQUIRED, List.of(places), "");
    }

    /** The key found, or null where none is. */
    static @Nullable String key(Ask ask, KeyPlace... places) {
        Credential found = Identify.credential(ask, new IdentifyRule(Auth.OPTIONAL, List.of(places), ""));
        return found == null ? null : new String(found.secret(), StandardCharsets.US_ASCII);
    }

    static Ask asks(String... headers) {
        return AskFixture.get("/").with(headers).ask();
    }

    static Refusal refusal(Ask ask, KeyPlace... places) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Identify.credential(ask, required(places)));
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
