package keygate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import keygate.accept.Arrival;
import keygate.accept.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of gRPC are known by their content type over HTTP/2 alone, and are refused in words that every client reads. */
final class GrpcTest {
    @ParameterizedTest
    @CsvSource({
        "HTTP_2, application/grpc, true",
        "HTTP_2, application/grpc+proto, true",
        "HTTP_2, Application/GRPC;charset=utf-8, true",
        "HTTP_2, application/grpc-web, false",
        "HTTP_2, application/grpc-web+proto, false",
        "HTTP_2, application/json, false",
        "HTTP_2, , false",
        "HTTP_1_1, application/grpc, false"
    })
    void aCallIsKnownByItsType(HttpVersion version, String type, boolean call) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        if (type != null) {
            fields.add("content-type", type);
        }

        assertThat(Grpc.isCall(new Arrival(null, version, "POST", null, null, "/", fields, "", false)))
                .isEqualTo(call);
    }

    @ParameterizedTest
    @CsvSource({
        "2H, PT2H",
        "99999999H, PT99999999H",
        "3M, PT3M",
        "4S, PT4S",
        "5m, PT0.005S",
        "6u, PT0.000006S",
        "7n, PT0.000000007S",
        "0n, PT0S",
        "123456789S,",
        "S,",
        "5,",
        "5s,",
        "-5S,",
        "1.5S,",
        "5 S,",
        ","
    })
    void aDeadlineIsAtMostEightDigitsAndAUnit(String timeout, Duration deadline) {
        assertThat(Grpc.deadline(timeout)).isEqualTo(deadline);
    }

    /** Status-Message of "gRPC over HTTP/2": percent-encoded UTF-8. */
    @Test
    void aReasonIsPercentEncoded() {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();

        Grpc.refuse(Reason.RATE_LIMITED.refuse("100% of \u00fcbung\n~ used"), fields);

        assertThat(fields.get("grpc-status")).isEqualTo("8");
        assertThat(fields.get("grpc-message")).isEqualTo("100%25 of %C3%BCbung%0A~ used");
    }
}
