package keygate;

import keygate.accept.Time;
import keygate.accept.tls.TlsStore;
import keygate.config.Rule;
import keygate.config.Settings;
import keygate.find.RouteTable;
import keygate.judge.Trust;
import keygate.manage.api.Running;
import keygate.proxy.Upstreams;
import keygate.unkey.Canary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configuration in force, and what is made of it. A request keeps the plan that it came in under until it ends.
 * Safe for every thread.
 *
 * @param upstreams where requests may go, and how it is there
 * @param canary tells unknown keys from a root key that finds none
 */
record Plan(Settings settings, RouteTable<Rule> routes, Upstreams upstreams, Canary canary) {
    private static final Logger LOG = LoggerFactory.getLogger(Plan.class);

    static Plan first(Settings settings, TlsStore tls, Time time) {
        return new Plan(
                settings,
                new RouteTable<>(settings.rules(), Rule::route),
                new Upstreams(settings.upstreams(), tls, time),
                new Canary(settings.unkey().canary(), time));
    }

    /** Says in the log what whoever runs this should know. */
    void warn() {
        for (Rule rule : settings.rules()) {
            if (rule.judge().trust().onOutage() == Trust.OnOutage.ALLOW) {
                LOG.atWarn()
                        .addKeyValue("route", rule.route().name())
                        .log("this route lets everybody pass while Unkey cannot be asked (onOutage: allow)");
            }
            if (!rule.enforce()) {
                LOG.atWarn()
                        .addKeyValue("route", rule.route().name())
                        .log("this route refuses nobody for a key (enforce: false)");
            }
        }
    }

    /** The plan as operators see it. */
    Running.InForce inForce() {
        return new Running.InForce(settings.rules().stream().map(Plan::served).toList(), upstreams, settings.shown());
    }

    /** A rule as operators see it. */
    static Running.Served served(Rule rule) {
        return new Running.Served(
                rule.route(), rule.identify(), rule.judge(), rule.enforce(), rule.accounting(), rule.proxy());
    }

    /** The plan of another configuration; what has not changed is taken over as it is. */
    Plan next(Settings changed, Time time) {
        return new Plan(
                changed,
                new RouteTable<>(changed.rules(), Rule::route),
                upstreams.next(changed.upstreams()),
                changed.unkey().equals(settings.unkey())
                        ? canary
                        : new Canary(changed.unkey().canary(), time));
    }
}
