package keygate.modify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import keygate.identify.Identify;
import keygate.identify.IdentifyRule;
import keygate.identify.IdentifyRule.Auth;
import keygate.identify.KeyPlace;

/** Whatever header a stranger sends, the upstream gets no forged name of ours, no hop's own field, and no key. */
final class HeaderHygieneFuzzTest {
    private static final IdentifyRule PLACES = new IdentifyRule(
            Auth.REQUIRED,
            List.of(
                    new KeyPlace.Bearer(),
                    new KeyPlace.InHeader("X-Api-Key", null),
                    new KeyPlace.InHeader("X-Auth", "Token "),
                    new KeyPlace.InQuery("api_key"),
                    new KeyPlace.InCookie("session")),
            "");
    private static final Set<String> HOPS_OWN = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "content-length",
            "host",
            "expect");
    private static final Set<String> MAY_STAY =
            Set.of("content-type", "cache-control", "x-request-id", "x-unkey-principal", "x-unkey-request-id");
    private static final List<Header> OURS =
            ours(Modify.upstream(AskFixture.get("/").ask(), PLACES, ModifyFixture.ADMITTED, ModifyFixture.PLAIN)
                    .headers());

    @FuzzTest
    void noForgedFieldNoHopsFieldAndNoKeyIsPassedOn(byte[] head) {
        List<Header> sent = parsed(head);
        Ask ask = AskFixture.get(target(sent)).withFieldsOfAStranger(sent).ask();
        UpstreamHead out = Modify.upstream(ask, PLACES, ModifyFixture.ADMITTED, ModifyFixture.PLAIN);

        assertThat(ours(out.headers())).isEqualTo(OURS);
        Set<String> nominated = nominated(sent);
        for (Header field : out.headers()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            assertThat(name).isNotIn(HOPS_OWN).isNotIn(nominated);
            assertThat(field.name() + field.value()).doesNotContain("\r", "\n", "\0");
        }
        if (mayGoOn(ask)) {
            assertHoldsNoKey(out);
        }
    }

    /** Two keys, and keys that cannot be, are refused before anything is stripped. */
    private static boolean mayGoOn(Ask ask) {
        try {
            return Identify.credential(ask, PLACES) != null;
        } catch (Refusal refusal) {
            return refusal.reason() == Reason.KEY_MISSING;
        }
    }

    private static void assertHoldsNoKey(UpstreamHead out) {
        Ask again = AskFixture.get(out.uri()).with(new Headers(out.headers())).ask();
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Identify.credential(again, PLACES));
        assertThat(refusal).as("nobody is known by what is left").isNotNull();
        assertThat(refusal.reason()).isEqualTo(Reason.KEY_MISSING);
    }

    /** What Netty makes of the octets; nothing where it refuses them, as the door does then. */
    private static List<Header> parsed(byte[] head) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        List<Header> fields = new ArrayList<>();
        String octets = "GET / HTTP/1.1\r\n" + new String(head, StandardCharsets.ISO_8859_1) + "\r\n\r\n";
        channel.writeInbound(Unpooled.copiedBuffer(octets, StandardCharsets.ISO_8859_1));
        Object first = channel.readInbound();
        if (first instanceof HttpMessage message && message.decoderResult().isSuccess()) {
            message.headers().forEach(field -> fields.add(new Header(field.getKey(), field.getValue())));
        }
        ReferenceCountUtil.release(first);
        channel.finishAndReleaseAll();
        return fields;
    }

    /** A query with a key in it, as long as it is one: the fields named Query are it. */
    private static String target(List<Header> sent) {
        String query = String.join("&", new Headers(sent).all("query"));
        return "/?" + query.replaceAll("[^\\x21-\\x7e]|#", "");
    }

    private static Set<String> nominated(List<Header> sent) {
        Set<String> names = new HashSet<>();
        for (String value : new Headers(sent).all("connection")) {
            Arrays.stream(value.split(","))
                    .map(name -> name.strip().toLowerCase(Locale.ROOT))
                    .filter(name -> !name.startsWith("x-forwarded-") && !MAY_STAY.contains(name))
                    .forEach(names::add);
        }
        return names;
    }

    /** Every field that an upstream could take for one of ours, however it spells names. */
    private static List<Header> ours(List<Header> fields) {
        return fields.stream()
                .filter(field -> field.name()
                        .toUpperCase(Locale.ROOT)
                        .replaceAll("[^A-Z0-9]", "_")
                        .matches("X_UNKEY_.*|X_FORWARDED_(FOR|PROTO|HOST|PORT)|X_REAL_IP|X_REQUEST_ID|FORWARDED"))
                .toList();
    }
}
