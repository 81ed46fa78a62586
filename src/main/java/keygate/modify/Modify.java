package keygate.modify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import keygate.accept.Ask;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.identify.IdentifyRule;
import keygate.judge.Code;
import keygate.judge.Verdict;
import keygate.judge.Verification.Answer;
import keygate.limit.Decision;
import keygate.limit.LimitHeaders;
import org.jspecify.annotations.Nullable;

/** The header edits of both directions. Pure: takes what came in, gives what goes out. */
public final class Modify {
    /** The response header that names the request; also sent to the upstream. */
    public static final String REQUEST_ID = "X-Request-Id";

    private static final String UNKEY_REQUEST_ID = "X-Unkey-Request-Id";
    /** Tells the upstream that a request passes during an outage: {@code outage} or {@code unverified}. */
    private static final String UNKEY_VERDICT = "X-Unkey-Verdict";
    /** The proxy's business: framing, addressing, and the handshake that it answers itself. */
    private static final List<String> PROXYS_OWN = List.of("host", "content-length", "expect");

    private static final Pattern NO_TRAILERS = Pattern.compile(
            "content-.*|set-cookie|cookie|host|authorization|www-authenticate|cache-control|age|expires|date|location"
                    + "|retry-after|vary|range|accept-ranges|allow|ratelimit.*|x-ratelimit.*|x-request-id|x-unkey-.*",
            Pattern.CASE_INSENSITIVE);

    private Modify() {}

    /** The head for the upstream: hygiene first, ours last, so that nothing of ours can be nominated away. */
    public static UpstreamHead upstream(Ask ask, IdentifyRule places, Verdict verdict, ModifyRule rule) {
        CredentialStripper stripper = new CredentialStripper(places);
        List<Header> out = new ArrayList<>();
        HopByHop hopByHop = HopByHop.of(ask.headers());
        for (Header field : ask.headers()) {
            Header left = mayPass(field, hopByHop) ? stripper.strip(field) : null;
            if (left != null) {
                out.add(left);
            }
        }
        addOurs(ask, verdict, out);
        return new UpstreamHead(
                ask.method(), uri(ask, stripper, rule), out, rule.preserveHost() ? ask.authority() : "");
    }

    /** The fields that the upstream gets from us, whatever the caller has sent. */
    public static List<Header> ours(Ask ask, Verdict verdict) {
        List<Header> ours = new ArrayList<>();
        addOurs(ask, verdict, ours);
        return ours;
    }

    private static void addOurs(Ask ask, Verdict verdict, List<Header> out) {
        out.addAll(ForwardedHeaders.of(ask));
        out.add(new Header(REQUEST_ID, ask.requestId()));
        if (verdict.source() == Verdict.Source.OUTAGE || verdict.source() == Verdict.Source.UNVERIFIED) {
            out.add(new Header(UNKEY_VERDICT, verdict.source().label()));
        }
        Answer answer = verdict.answer();
        if (answer != null && answer.code() == Code.VALID) {
            out.addAll(Principal.headers(answer));
            out.add(new Header(UNKEY_REQUEST_ID, answer.requestId()));
        }
    }

    /** The fields for the caller: the upstream's without what was for us, and how the caller stands. */
    public static List<Header> downstream(Headers upstream, String requestId, Decision decision, long nowMillis) {
        List<Header> ours = new ArrayList<>(LimitHeaders.of(decision.standings(), nowMillis));
        ours.add(new Header(REQUEST_ID, requestId));
        List<Header> out = passing(upstream, field -> !isOurs(field, ours));
        out.addAll(ours);
        return out;
    }

    private static boolean isOurs(Header field, List<Header> ours) {
        for (Header own : ours) {
            if (own.is(field.name())) {
                return true;
            }
        }
        return false;
    }

    /** The fields of an interim answer such as 103: hints for the caller, and nothing about the connection. */
    public static List<Header> interim(Headers upstream) {
        return passing(upstream, field -> true);
    }

    /** Trailers are for what is known only at the end, not for what decides how a message is understood (RFC 9110, 6.5.1). */
    public static List<Header> trailers(Headers upstream) {
        return passing(upstream, field -> !NO_TRAILERS.matcher(field.name()).matches());
    }

    /** The upstream's fields that are not for our connection to it, as far as they are let pass. */
    private static List<Header> passing(Headers upstream, Predicate<Header> mayPass) {
        HopByHop hopByHop = HopByHop.of(upstream);
        List<Header> out = new ArrayList<>();
        for (Header field : upstream) {
            if (!hopByHop.holds(field.name()) && mayPass.test(field)) {
                out.add(field);
            }
        }
        return out;
    }

    /** Whether the proxy writes the field anew, as the connection to the upstream needs it. */
    public static boolean isProxys(String name) {
        return Header.isAmong(PROXYS_OWN, name);
    }

    private static boolean mayPass(Header field, HopByHop hopByHop) {
        return !hopByHop.holds(field.name()) && !isProxys(field.name()) && !ForwardedHeaders.replaces(field.name());
    }

    private static String uri(Ask ask, CredentialStripper stripper, ModifyRule rule) {
        String path = rule.rewrite().apply(ask.target().path());
        @Nullable String query = stripper.strip(ask.target().query());
        return query == null ? path : path + "?" + query;
    }
}
