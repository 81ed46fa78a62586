package keygate.modify;

import java.util.ArrayList;
import java.util.List;
import keygate.accept.Ask;
import keygate.accept.AskFixture;
import keygate.accept.Header;
import keygate.accept.Headers;
import keygate.identify.IdentifyRule;
import keygate.identify.IdentifyRule.Auth;
import keygate.identify.KeyPlace;
import keygate.judge.JudgeFixture;
import keygate.judge.Verdict;
import keygate.limit.Decision;

/** Heads for tests. */
final class ModifyFixture {
    static final ModifyRule PLAIN = new ModifyRule(Rewrite.NONE, false);
    static final IdentifyRule BEARER = new IdentifyRule(Auth.REQUIRED, List.of(new KeyPlace.Bearer()), "");
    static final Verdict ADMITTED = JudgeFixture.live(JudgeFixture.valid(JudgeFixture.key("key_1")));

    private ModifyFixture() {}

    static Ask asks(String... namesAndValues) {
        return AskFixture.get("/").with(namesAndValues).ask();
    }

    /** What the upstream gets of a request with these fields, admitted with a bearer key. */
    static Headers upstream(String... namesAndValues) {
        return upstream(asks(namesAndValues), ADMITTED);
    }

    static Headers upstream(Ask ask, Verdict verdict) {
        return new Headers(Modify.upstream(ask, BEARER, verdict, PLAIN).headers());
    }

    static Headers downstream(Decision decision, String... namesAndValues) {
        return new Headers(Modify.downstream(Headers.of(namesAndValues), "kg_test", decision, 1_800_000_000_000L));
    }

    static List<String> names(Headers headers) {
        List<String> names = new ArrayList<>();
        for (Header field : headers) {
            names.add(field.name());
        }
        return names;
    }
}
