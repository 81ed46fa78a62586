package keygate;

import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;
import keygate.accept.tls.ClientTls;
import keygate.judge.Question;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import keygate.unkey.Canary;
import keygate.unkey.UnkeyApi;
import keygate.unkey.UnkeyVerdictSource;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's way to Unkey, which stays the same when the client behind it is replaced. Every thread may ask; it
 * is changed on its event loop.
 */
final class UnkeyLine implements VerdictSource {
    private final Vertx vertx;
    private final Shared shared;
    private @Nullable Canary canary;
    private volatile Client client;

    /** A client, and the questions that go through it. */
    private record Client(UnkeyApi api, VerdictSource source) {}

    UnkeyLine(Vertx vertx, Shared shared) {
        this.vertx = vertx;
        this.shared = shared;
        this.client = open(shared.plan());
    }

    @Override
    public CompletionStage<Verification> verify(Question question) {
        return client.source.verify(question);
    }

    /** Calls as the plan says from now on. Calls under way end as they would have. */
    void follow(Plan plan) {
        if (plan.canary() != canary) {
            UnkeyApi before = client.api;
            client = open(plan);
            before.retire();
        }
    }

    private Client open(Plan plan) {
        canary = plan.canary();
        UnkeyApi api = new UnkeyApi(
                vertx,
                plan.settings().unkey(),
                shared.backOff(),
                shared.breaker(),
                shared.skew(),
                shared.callLog(),
                shared.time());
        ClientTls tls = plan.settings().unkey().tls();
        if (tls != null) {
            api.encrypt(tls, shared.tls().of(tls.files()));
        }
        return new Client(api, canary.guard(new UnkeyVerdictSource(api)));
    }

    void close() {
        client.api.close();
    }
}
