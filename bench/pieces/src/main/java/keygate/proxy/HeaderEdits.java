package keygate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import keygate.Parts;
import keygate.accept.Ask;
import keygate.accept.Header;
import keygate.config.Rule;
import keygate.judge.Verdict;
import keygate.limit.Decision;
import keygate.modify.Modify;
import keygate.modify.UpstreamHead;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Modify: the head for the service, and the head for the caller as the proxy has it edited. */
@State(Scope.Benchmark)
public class HeaderEdits {
    @Param({"false", "true"})
    public boolean metered;

    private Ask ask;
    private Rule rule;
    private Verdict verdict;
    private Decision decision;
    private long now;
    private final MultiMap answer = HttpHeaders.headers()
            .add("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
            .add("Content-Type", "application/json")
            .add("Content-Length", "200")
            .add("Cache-Control", "no-store")
            .add("ETag", "\"33a64df5\"")
            .add("Vary", "Accept-Encoding");

    @Setup
    public void compose() {
        try (Parts parts = new Parts(10, metered)) {
            ask = parts.ask();
            rule = parts.rule();
            verdict = parts.verdict(parts.question());
            decision = parts.decision(parts.question(), verdict);
            now = parts.time().millis();
        }
    }

    @Benchmark
    public UpstreamHead request() {
        return Modify.upstream(ask, rule.stripped(), verdict, rule.modify());
    }

    @Benchmark
    public MultiMap response() {
        MultiMap out = HttpHeaders.headers();
        for (Header field : Modify.downstream(Fields.of(answer), ask.requestId(), decision, now)) {
            out.add(field.name(), field.value());
        }
        return out;
    }
}
