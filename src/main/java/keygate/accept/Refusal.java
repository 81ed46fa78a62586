package keygate.accept;

import java.util.ArrayList;
import java.util.List;

/**
 * The decision not to serve a request. Every step refuses by throwing one; one place in the gateway answers it.
 * It is a value that travels, not a fault: it carries no stack trace.
 */
public final class Refusal extends RuntimeException {
    private final Reason reason;
    private final String detail;
    private final transient List<Header> headers;

    Refusal(Reason reason, String detail) {
        this(reason, detail, List.of());
    }

    private Refusal(Reason reason, String detail, List<Header> headers) {
        super(reason.code() + ": " + detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
        this.headers = headers;
    }

    /** The same refusal with one more response header, such as {@code Allow} or {@code Retry-After}. */
    public Refusal with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Refusal(reason, detail, List.copyOf(more));
    }

    /** The same refusal with more response headers. */
    public Refusal with(List<Header> added) {
        List<Header> more = new ArrayList<>(headers);
        more.addAll(added);
        return new Refusal(reason, detail, List.copyOf(more));
    }

    public Reason reason() {
        return reason;
    }

    /** What the caller is told; never holds a secret or an internal address. */
    public String detail() {
        return detail;
    }

    /** Response headers that go with the refusal. */
    public List<Header> headers() {
        return headers;
    }
}
