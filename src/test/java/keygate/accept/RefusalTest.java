package keygate.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A refusal is a value: it costs no stack trace and nobody changes one that another holds. */
class RefusalTest {
    private static final Header ALLOW = new Header("Allow", "GET");
    private static final Header RETRY = new Header("Retry-After", "1");

    @Test
    void carriesNoStackTrace() {
        Refusal refusal = Reason.RATE_LIMITED.refuse("too many").with("Retry-After", "1");
        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(refusal.getCause()).isNull();
        refusal.addSuppressed(new IllegalStateException("ignored"));
        assertThat(refusal.getSuppressed()).isEmpty();
    }

    @Test
    void saysWhyAndWhat() {
        Refusal refusal = Reason.ROUTE_NOT_FOUND.refuse("no route");
        assertThat(refusal.reason()).isEqualTo(Reason.ROUTE_NOT_FOUND);
        assertThat(refusal.detail()).isEqualTo("no route");
        assertThat(refusal).hasMessage("route_not_found: no route");
        assertThat(refusal.headers()).isEmpty();
    }

    @Test
    void oneMoreHeaderMakesANewRefusal() {
        Refusal plain = Reason.METHOD_NOT_ALLOWED.refuse("no");
        Refusal more = plain.with("Allow", "GET");
        assertThat(plain.headers()).isEmpty();
        assertThat(more.headers()).containsExactly(ALLOW);
        assertThat(more.with("Retry-After", "1").headers()).containsExactly(ALLOW, RETRY);
        assertThat(more.reason()).isEqualTo(plain.reason());
        assertThat(more.detail()).isEqualTo(plain.detail());
    }

    @Test
    void moreHeadersComeAfterTheFirst() {
        List<Header> added = new ArrayList<>(List.of(RETRY));
        Refusal refusal = Reason.RATE_LIMITED.refuse("no").with("Allow", "GET").with(added);
        added.clear();
        assertThat(refusal.headers()).containsExactly(ALLOW, RETRY);
    }

    @Test
    void headersAreImmutable() {
        for (Refusal refusal : List.of(
                Reason.RATE_LIMITED.refuse("no"),
                Reason.RATE_LIMITED.refuse("no").with("Allow", "GET"),
                Reason.RATE_LIMITED.refuse("no").with(List.of(ALLOW)))) {
            List<Header> headers = refusal.headers();
            assertThatThrownBy(() -> headers.add(RETRY)).isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
