package keygate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import keygate.identify.IdentifyRule;
import keygate.identify.KeyPlace;
import keygate.judge.Trust.OnOutage;
import keygate.limit.Accounting;
import keygate.proxy.ProxyRule;

/** Warns of what is seldom meant on one route, wherever it is written: on the route, in defaults, or for all. */
final class RouteWarnings {
    private static final Duration LONG_WAIT = Duration.ofMinutes(5);
    private static final Duration LONG_SILENCE = Duration.ofMinutes(30);
    private static final Duration LONG_TRUST = Duration.ofMinutes(5);
    private static final Duration LONG_OUTAGE = Duration.ofHours(1);

    private final Section route;
    private final Section verdicts;

    /** @param verdicts what holds for all routes */
    RouteWarnings(Section route, Section verdicts) {
        this.route = route;
        this.verdicts = verdicts;
    }

    void find(Rule rule) {
        if (rule.identify().auth() != IdentifyRule.Auth.NONE) {
            queries(rule);
            if (!rule.enforce()) {
                route.at("enforce")
                        .warn(
                                "callers without a good key are let through: what would refuse them is only told",
                                "write true as soon as nobody is told of who should not be");
            }
            trust(rule);
            charges(rule);
        }
        times(rule.proxy());
    }

    private void queries(Rule rule) {
        if (rule.identify().places().stream().noneMatch(KeyPlace.InQuery.class::isInstance)) {
            return;
        }
        for (Field item : route.at("key").items()) {
            Field query = item.isScalar() ? item : item.section().at("query");
            if (!item.isScalar() && query.isPresent()) {
                query.warn(
                        "keys are taken from the query, which ends up in histories, referrers and the logs of others",
                        "let callers send a header, and remove this once none needs it");
            }
        }
    }

    private void trust(Rule rule) {
        if (rule.judge().trust().onOutage() == OnOutage.ALLOW) {
            ofVerdicts("onOutage")
                    .warn(
                            "while Unkey cannot be asked everybody passes, with whatever key",
                            "write serveKnown, or keep it where nothing is to be protected");
        }
        if (rule.judge().trust().fresh().compareTo(LONG_TRUST) > 0) {
            ofVerdicts("fresh")
                    .warn(
                            "a revoked key is served for "
                                    + Units.text(rule.judge().trust().fresh()) + " more",
                            "lower it: 10s costs one call for each busy key in that time");
        }
        boolean served = rule.judge().trust().onOutage() == OnOutage.SERVE_KNOWN;
        if (served && rule.judge().trust().outage().compareTo(LONG_OUTAGE) > 0) {
            ofVerdicts("outage")
                    .warn(
                            "a key that is revoked in an outage is served for "
                                    + Units.text(rule.judge().trust().outage()) + " more",
                            "lower it to what an outage of Unkey may last, such as 10m");
        }
    }

    private Field ofVerdicts(String key) {
        Field own = route.at("verdicts").section().at(key);
        return own.isPresent() ? own : verdicts.at(key);
    }

    /** On the route itself they are a fault; what is inherited is left out without a word. */
    private void charges(Rule rule) {
        if (rule.accounting() != Accounting.NONE) {
            return;
        }
        List<String> lost = new ArrayList<>();
        Field credits = route.at("credits");
        if (!route.own("credits").isPresent() && credits.isPresent() && !"0".equals(credits.text())) {
            lost.add("credits");
        }
        if (!route.own("ratelimits").isPresent()
                && !route.at("ratelimits").items().isEmpty()) {
            lost.add("ratelimits");
        }
        if (!lost.isEmpty()) {
            route.at("accounting")
                    .warn(
                            "the " + String.join(" and ", lost) + " in defaults are not taken here: nothing is charged",
                            "write credits: 0 or ratelimits: [] on the route to say so, or charge it");
        }
    }

    private void times(ProxyRule proxy) {
        Section timeouts = route.at("timeouts").section();
        if (proxy.timeouts().response().compareTo(LONG_WAIT) > 0) {
            timeouts.at("response")
                    .warn(
                            "a service that hangs keeps each caller waiting for "
                                    + Units.text(proxy.timeouts().response()),
                            "lower it: only the head of the answer must come in that time, its body has timeouts.idle");
        }
        if (proxy.timeouts().idle().compareTo(LONG_SILENCE) > 0) {
            timeouts.at("idle")
                    .warn(
                            "a connection whose other end is gone is kept for "
                                    + Units.text(proxy.timeouts().idle()),
                            "lower it, and let long streams send something now and then");
        }
        if (proxy.minBodyRate() == 0) {
            route.at("minBodyRate")
                    .warn(
                            "a caller may send its body as slowly as it likes, which keeps a connection of the service",
                            "write a least rate, such as 100B");
        }
    }
}
