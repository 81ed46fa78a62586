package keygate.modify;

import java.util.List;
import keygate.accept.Header;

/**
 * The head of the request that goes to the upstream.
 *
 * @param uri path and query, canonical, rewritten, without the key
 * @param headers the fields to send, besides Host and framing, which the proxy decides
 * @param host the Host to send, or empty for the target's own
 */
public record UpstreamHead(String method, String uri, List<Header> headers, String host) {
    public UpstreamHead {
        headers = List.copyOf(headers);
    }
}
