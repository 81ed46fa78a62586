package keygate.manage.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import keygate.accept.WrittenRequest;
import keygate.find.Route;
import keygate.identify.IdentifyRule;
import keygate.judge.JudgeRule;
import keygate.judge.Memory;
import keygate.limit.Accounting;
import keygate.limit.Limiter;
import keygate.proxy.ProxyRule;
import keygate.proxy.Upstreams;
import keygate.report.Recent;
import org.jspecify.annotations.Nullable;

/** The running gateway, as operators see it. Every method tells what is so now; safe for every thread. */
public interface Running {
    /** The configuration in force, which may be another one the next time. */
    InForce inForce();

    /** What is wrong with the newest configuration; empty while that is the one in force. */
    List<String> faults();

    /** The answers remembered. */
    Memory memory();

    /** What keys may spend. */
    Limiter limiter();

    /** The last requests. */
    Recent recent();

    /**
     * Decides about a request that nobody has sent, as it would be decided now. Nothing is charged, counted or
     * remembered; Unkey may be asked, which takes as long as it does. Fails where the gateway would have failed.
     *
     * @param key put where the route looks for keys; null for the request as it is
     */
    CompletionStage<Explanation> explain(WrittenRequest request, @Nullable String key);

    /** How many requests are under way. */
    int inFlight();

    /** Begins to stop: not ready from now on, for good. Requests are served all the same until the process is stopped. */
    void drain();

    /**
     * One configuration.
     *
     * @param upstreams the endpoints of all that the routes lead to
     * @param shown the file's keys with their values, as JSON and without any secret
     */
    record InForce(List<Served> routes, Upstreams upstreams, String shown) {
        public InForce {
            routes = List.copyOf(routes);
        }
    }

    /** A route, by each step's part of it. */
    record Served(
            Route route,
            IdentifyRule identify,
            JudgeRule judge,
            boolean enforce,
            Accounting accounting,
            ProxyRule proxy) {}
}
