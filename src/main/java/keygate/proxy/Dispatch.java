package keygate.proxy;

import java.util.function.Consumer;
import keygate.modify.UpstreamHead;

/**
 * What the steps before the proxy decided about one request.
 *
 * @param head the request's head for the upstream
 * @param upstreams what is known of the upstreams that the rule names
 * @param rule where it goes and how long it waits
 * @param edits what becomes of the upstream's response fields
 * @param permit the leave to go on, for streams
 * @param client the address of who asks; empty where there is none
 * @param stickiness what requests have in common that belong to the same endpoint
 * @param targeted is told each target that the request is sent to
 */
public record Dispatch(
        UpstreamHead head,
        Upstreams upstreams,
        ProxyRule rule,
        Edits edits,
        Permit permit,
        String client,
        String stickiness,
        Consumer<Upstream.Target> targeted) {}
