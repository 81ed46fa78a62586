package keygate;

import keygate.accept.Door;
import keygate.accept.Time;
import keygate.accept.gate.Gate;
import keygate.accept.tls.TlsStore;
import keygate.config.Rule;
import keygate.find.RouteTable;
import keygate.judge.Memory;
import keygate.judge.Strangers;
import keygate.limit.Limiter;
import keygate.proxy.ProxyCounts;
import keygate.proxy.Upstreams;
import keygate.report.Report;
import keygate.unkey.BackOff;
import keygate.unkey.Breaker;
import keygate.unkey.CallLog;
import keygate.unkey.Canary;
import keygate.unkey.Skew;

/**
 * What all event loops of one gateway have in common; everything in it is safe for every thread.
 *
 * @param gate stands before all listeners
 * @param tls the files of certificates and keys
 * @param memory the answers remembered
 * @param strangers holds back keys that nobody has seen before
 * @param backOff the gate that a 429 of Unkey closes for all
 * @param breaker holds calls back while Unkey does not answer
 * @param skew how far Unkey's clock is from ours
 * @param counts what the proxies did besides plain deliveries
 * @param upstreams where requests may go, and how it is there
 * @param canary tells unknown keys from a root key that finds none
 */
record Shared(
        Gate gate,
        TlsStore tls,
        Door door,
        RouteTable<Rule> routes,
        Memory memory,
        Strangers strangers,
        Limiter limiter,
        Upstreams upstreams,
        Report report,
        BackOff backOff,
        Breaker breaker,
        Skew skew,
        Canary canary,
        CallLog callLog,
        ProxyCounts counts,
        Time time) {}
