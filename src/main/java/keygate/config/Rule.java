package keygate.config;

import java.util.List;
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
 * @param enforce whether callers are refused who have no good key; where not, that is only told
 * @param accounting when it is charged
 * @param modify what is edited
 * @param proxy where it leads
 */
public record Rule(
        Route route,
        IdentifyRule identify,
        JudgeRule judge,
        boolean enforce,
        Accounting accounting,
        ModifyRule modify,
        ProxyRule proxy) {
    private static final IdentifyRule NOWHERE = new IdentifyRule(IdentifyRule.Auth.NONE, List.of(), "");

    /**
     * Where the key is taken out of a request. Nowhere while the route does not enforce: the service behind it may
     * still look at the key itself.
     */
    public IdentifyRule stripped() {
        return enforce ? identify : NOWHERE;
    }
}
