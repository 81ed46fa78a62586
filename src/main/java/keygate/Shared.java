package keygate;

import keygate.accept.Door;
import keygate.accept.Time;
import keygate.config.Rule;
import keygate.find.RouteTable;
import keygate.judge.Memory;
import keygate.limit.Limiter;
import keygate.report.Report;
import keygate.unkey.BackOff;
import keygate.unkey.Breaker;
import keygate.unkey.CallLog;

/**
 * What all event loops of one gateway have in common; everything in it is safe for every thread.
 *
 * @param memory the answers remembered
 * @param backOff the gate that a 429 of Unkey closes for all
 * @param breaker holds calls back while Unkey does not answer
 */
record Shared(
        Door door,
        RouteTable<Rule> routes,
        Memory memory,
        Limiter limiter,
        Report report,
        BackOff backOff,
        Breaker breaker,
        CallLog callLog,
        Time time) {}
