package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import keygate.emulator.rows.KeyView;
import keygate.emulator.rows.RootKey;
import keygate.emulator.state.Ids;
import keygate.emulator.state.Lookup;
import keygate.emulator.state.Store;
import keygate.emulator.verify.Caller;
import keygate.emulator.verify.Verdict;
import keygate.emulator.verify.VerdictJson;
import keygate.emulator.verify.Verifier;
import keygate.emulator.verify.VerifyAsk;
import keygate.emulator.wire.Reply;

/** The operation {@code keys.verifyKey}: a verification that fails is still answered with 200. */
final class VerifyKey implements ApiCall.Work {
    /** Its name. */
    static final String NAME = "keys.verifyKey";

    private static final String UNKNOWN = "SOMETHING_NEW";

    @Override
    public Reply run(Store store, RootKey rootKey, Asked asked, JsonNode body) {
        VerifyAsk ask = VerifyAsk.read(body);
        Lookup<KeyView> found = store.key(Ids.hash(ask.key()), asked.when());
        Caller caller = new Caller(rootKey, asked.clientIp(), asked.suffers(Fault.Kind.MISSING_PERMISSION_403));
        Verdict verdict = new Verifier(store, asked.when().now()).verify(ask, caller, found.row());
        ObjectNode data = VerdictJson.data(verdict);
        spoil(data, asked);
        KeyView view = verdict.view();
        Reply reply = ApiCall.ok(data, asked.requestId())
                .about(view == null ? null : view.row().id(), data.path("code").asText());
        return ApiCall.timing(reply, found.status());
    }

    private static void spoil(ObjectNode data, Asked asked) {
        boolean valid = asked.suffers(Fault.Kind.UNKNOWN_CODE_VALID);
        if (valid || asked.suffers(Fault.Kind.UNKNOWN_CODE)) {
            data.put("code", UNKNOWN).put("valid", valid);
        }
    }
}
