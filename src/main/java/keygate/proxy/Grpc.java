package keygate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import keygate.accept.Arrival;
import keygate.accept.Reason;
import keygate.accept.Refusal;
import org.jspecify.annotations.Nullable;

/** What gRPC says over HTTP/2 besides HTTP: whether a call is one, its deadline, and how it is refused. */
final class Grpc {
    /** gRPC over HTTP/2, "Timeout": at most eight digits and a unit. */
    private static final Pattern TIMEOUT = Pattern.compile("([0-9]{1,8})([HMSmun])");

    private static final String HEX = "0123456789ABCDEF";

    private Grpc() {}

    /** Whether the request is a gRPC call; gRPC-Web, which works over any HTTP, is plain HTTP to us. */
    static boolean isCall(HttpServerRequest request) {
        return Framing.isMultiplexed(request) && isType(request.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    /** Whether a request that was read is a gRPC call. */
    static boolean isCall(Arrival arrival) {
        return arrival.version() == HttpVersion.HTTP_2
                && isType(arrival.fields().get(HttpHeaders.CONTENT_TYPE));
    }

    private static boolean isType(@Nullable String type) {
        if (type == null) {
            return false;
        }
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.equals("application/grpc")
                || lower.startsWith("application/grpc+")
                || lower.startsWith("application/grpc;");
    }

    /** How long a call may take that says so, or null where it does not. */
    static @Nullable Duration deadline(@Nullable String timeout) {
        Matcher matcher = TIMEOUT.matcher(timeout == null ? "" : timeout);
        if (!matcher.matches()) {
            return null;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2).charAt(0)) {
            case 'H' -> Duration.ofHours(amount);
            case 'M' -> Duration.ofMinutes(amount);
            case 'S' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMillis(amount);
            case 'u' -> Duration.ofNanos(amount * 1_000);
            default -> Duration.ofNanos(amount);
        };
    }

    /** The gRPC status of a refusal, as fields for the head of an answer without a body, or for trailers. */
    static void refuse(Refusal refusal, MultiMap fields) {
        fields.set("grpc-status", Integer.toString(status(refusal.reason())));
        fields.set("grpc-message", escaped(refusal.detail()));
    }

    /** The code that gRPC gives to such an outcome (grpc.io, status codes). */
    static int status(Reason reason) {
        return switch (reason) {
            case SERVED -> 0;
            case CALLER_GONE -> 1;
            case MALFORMED_REQUEST, KEY_AMBIGUOUS -> 3;
            case UPSTREAM_TIMEOUT, DEADLINE_EXCEEDED, BODY_TOO_SLOW -> 4;
            case KEY_FORBIDDEN, PERMISSION_MISSING -> 7;
            case RATE_LIMITED, TOO_MANY_UNKNOWN_KEYS, USAGE_EXCEEDED, HEADERS_TOO_LARGE, BODY_TOO_LARGE -> 8;
            case ROUTE_NOT_FOUND, METHOD_NOT_ALLOWED, TARGET_TOO_LONG, NOT_IMPLEMENTED -> 12;
            case INTERNAL_ERROR -> 13;
            case OVERLOADED,
                    UNKEY_MISCONFIGURED,
                    UNKEY_UNAVAILABLE,
                    UNKEY_THROTTLED,
                    UPSTREAM_BROKEN,
                    UPSTREAM_UNREACHABLE,
                    UPSTREAM_BUSY -> 14;
            case KEY_MISSING, KEY_REJECTED -> 16;
        };
    }

    /** Percent-encoded as gRPC's "Status-Message" asks for. */
    private static String escaped(String message) {
        StringBuilder out = new StringBuilder(message.length());
        for (byte octet : message.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= 0x20 && octet < 0x7f && octet != '%') {
                out.append((char) octet);
            } else {
                out.append('%').append(HEX.charAt((octet >> 4) & 15)).append(HEX.charAt(octet & 15));
            }
        }
        return out.toString();
    }
}
