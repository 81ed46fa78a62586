package keygate.proxy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where a route leads, how long it waits and how much it takes.
 *
 * @param shares the services, and how much of the traffic each gets; never empty
 * @param mirror where copies of requests go, or null
 * @param maxBody the most bytes of a request body; streams have no such end
 * @param minBodyRate bytes a second that a caller must send on average while its body is waited for; 0 for none
 * @param retries when a request is sent again
 * @param upgrades whether callers may turn their connection into a WebSocket
 * @param streams what becomes of answers that have no end
 */
public record ProxyRule(
        List<Share> shares,
        @Nullable Mirrored mirror,
        Timeouts timeouts,
        long maxBody,
        int minBodyRate,
        Retries retries,
        boolean upgrades,
        Streams streams) {
    public ProxyRule {
        shares = List.copyOf(shares);
    }

    /** A service's share of a route's traffic. */
    public record Share(Upstream upstream, int weight) {}

    /**
     * Copies of requests.
     *
     * @param upstream who gets them; what it answers is thrown away
     * @param percent how many of a hundred requests are copied
     */
    public record Mirrored(Upstream upstream, double percent) {
        boolean takesThisOne() {
            return ThreadLocalRandom.current().nextDouble(100) < percent;
        }
    }

    /**
     * How long a request waits.
     *
     * @param response the most that may pass between the end of the request and the head of the response
     * @param idle the most that may pass without a byte moving while a body streams; noticed after at most a quarter
     *     more
     * @param total the most that everything may take; streams have no such end
     */
    public record Timeouts(Duration response, Duration idle, Duration total) {}

    /**
     * When a request is sent again: where it surely never left, and, if the route opts in, where its method is
     * idempotent (RFC 9110, 9.2.2) and it has no body.
     *
     * @param attempts how often at most, besides the first time
     * @param idempotent whether idempotent requests are sent again when no answer came
     * @param statuses answers after which idempotent requests are sent again
     */
    public record Retries(int attempts, boolean idempotent, Set<Integer> statuses) {
        public Retries {
            statuses = Set.copyOf(statuses);
        }
    }

    /**
     * What becomes of streams: WebSockets, gRPC and server-sent events.
     *
     * @param reverify how often the key is judged again while a stream lives, or null for never
     * @param charge what of a stream is charged like one more request
     */
    public record Streams(@Nullable Duration reverify, Charge charge) {
        /** What of a stream is charged, each time the key is judged again. */
        public enum Charge {
            NONE,
            MINUTE,
            MESSAGE
        }
    }

    /** A service, by chance and weight. */
    Upstream pick() {
        if (shares.size() == 1) {
            return shares.get(0).upstream();
        }
        int sum = shares.stream().mapToInt(Share::weight).sum();
        int drawn = ThreadLocalRandom.current().nextInt(sum);
        for (Share share : shares) {
            drawn -= share.weight();
            if (drawn < 0) {
                return share.upstream();
            }
        }
        throw new IllegalStateException("weights are positive");
    }
}
