package keygate.report;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.context.Context;
import java.net.URI;
import keygate.accept.Methods;
import keygate.judge.Verification;
import keygate.proxy.Delivery;
import keygate.report.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * Tells a trace what a trail has seen. All attributes come from closed sets, but for ids of requests: ours, and Unkey's.
 */
final class Spans {
    /** A step that took less, in nanoseconds, is not worth a span. */
    private static final long WORTH = 100_000;

    private Spans() {}

    /** @param unkey where Unkey is called */
    static void end(Trace trace, Trail trail, Delivery delivery, URI unkey) {
        step(trace, trail, Trail.Step.JUDGE, judged(trail), unkey);
        step(trace, trail, Trail.Step.LIMIT, limited(trail), unkey);
        trace.proxied(trail.totalNanos(), proxied(trail, delivery));
        trace.ended(name(trail), trail.totalNanos(), request(trail, delivery), delivery.status() / 100 == 5);
    }

    private static void step(Trace trace, Trail trail, Trail.Step step, Attributes about, URI unkey) {
        Context inside = trace.inside();
        if (trail.nanos(step) >= WORTH) {
            long from = trail.before(step);
            inside = trace.step(step.label(), from, from + trail.nanos(step), about);
        }
        for (Calls.Call call : trail.calls(step)) {
            boolean failed = !(call.ended() instanceof Verification.Answer);
            trace.call(inside, "keys.verifyKey", call.from(), call.to(), called(call, unkey), failed);
        }
    }

    private static String name(Trail trail) {
        return Methods.label(trail.method())
                + (trail.route() == null ? "" : " " + trail.route().path().text());
    }

    private static Attributes request(Trail trail, Delivery delivery) {
        AttributesBuilder about = Attributes.builder()
                .put("http.request.method", Methods.label(trail.method()))
                .put("http.response.status_code", delivery.status())
                .put("keygate.request_id", trail.requestId())
                .put("keygate.reason", delivery.reason().code())
                .put("keygate.blame", delivery.reason().blame().label());
        if (trail.route() != null) {
            about.put("http.route", trail.route().path().text())
                    .put("keygate.route", trail.route().name());
        }
        put(
                about,
                "keygate.shadow",
                trail.shadow() == null ? null : trail.shadow().code());
        return about.build();
    }

    private static Attributes judged(Trail trail) {
        AttributesBuilder about = Attributes.builder()
                .put("keygate.verdict", trail.verdict().source().label());
        if (trail.verdict().answer() != null) {
            about.put("unkey.code", trail.verdict().answer().code().label());
        }
        put(about, "unkey.request_id", trail.judgedBy());
        return about.build();
    }

    private static Attributes limited(Trail trail) {
        AttributesBuilder about = Attributes.builder()
                .put("keygate.charge", trail.decision().charge().label());
        put(about, "unkey.request_id", trail.decision().requestId());
        return about.build();
    }

    private static Attributes called(Calls.Call call, URI unkey) {
        AttributesBuilder about = Attributes.builder()
                .put("http.request.method", "POST")
                .put("server.address", unkey.getHost())
                .put("unkey.purpose", call.purpose().label());
        Verification ended = call.ended();
        put(about, "unkey.request_id", ended == null ? null : ended.requestId());
        if (ended instanceof Verification.Answer answer) {
            return about.put("http.response.status_code", 200)
                    .put("unkey.code", answer.code().label())
                    .build();
        }
        Verification.NoAnswer none = ended instanceof Verification.NoAnswer given ? given : null;
        if (none != null && none.status() != 0) {
            about.put("http.response.status_code", none.status());
        }
        return about.put("error.type", none == null ? "_OTHER" : none.cause().label())
                .build();
    }

    private static Attributes proxied(Trail trail, Delivery delivery) {
        AttributesBuilder about = Attributes.builder()
                .put("keygate.attempts", trail.attempts())
                .put("http.response.status_code", delivery.status());
        put(
                about,
                "keygate.target",
                trail.target() == null ? null : trail.target().toString());
        return about.build();
    }

    private static void put(AttributesBuilder about, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            about.put(name, value);
        }
    }
}
