package keygate.config;

import keygate.find.Route;
import keygate.identify.IdentifyRule;
import keygate.judge.JudgeRule;
import keygate.limit.Accounting;
import keygate.modify.ModifyRule;
import keygate.proxy.ProxyRule;

/**
 * One entry of the file's routes: which requests it is for, and each step's part of what becomes of them.
 *
 * @param route which requests
 * @param identify whether and where a key is looked for
 * @param judge what is asked about it
 * @param accounting when it is charged
 * @param modify what is edited
 * @param proxy where it leads
 */
public record Rule(
        Route route,
        IdentifyRule identify,
        JudgeRule judge,
        Accounting accounting,
        ModifyRule modify,
        ProxyRule proxy) {}
