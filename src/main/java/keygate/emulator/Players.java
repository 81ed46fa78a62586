package keygate.emulator;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import keygate.emulator.state.Ids;
import keygate.emulator.state.When;
import keygate.emulator.wire.Refusal;
import keygate.emulator.wire.Reply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays a call: waits as told, does it or fails as told, notes it in the journal, and writes the answer. */
final class Players {
    private static final Logger LOG = LoggerFactory.getLogger(Players.class);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final Vertx vertx;
    private final World world;
    private final Faults faults;
    private final Calls calls;

    Players(Vertx vertx, World world, Faults faults, Calls calls) {
        this.vertx = vertx;
        this.world = world;
        this.faults = faults;
        this.calls = calls;
    }

    static String requestId() {
        return Ids.request();
    }

    /** Plays a call of the API, with gate, latency and faults. */
    void play(RoutingContext ctx, String name, Operation operation) {
        Gate gate = name.equals(VerifyKey.NAME) ? faults.closedGate() : null;
        if (gate == null) {
            later(ctx, name, operation);
            return;
        }
        Context context = vertx.getOrCreateContext();
        gate.pass(() -> context.runOnContext(open -> later(ctx, name, operation)));
    }

    private void later(RoutingContext ctx, String name, Operation operation) {
        Fault fault = faults.take(name);
        long wait =
                faults.latency().toMillis() + (fault != null && fault.kind() == Fault.Kind.DELAY ? fault.amount() : 0);
        if (wait > 0) {
            vertx.setTimer(wait, timer -> act(ctx, name, operation, fault));
        } else {
            act(ctx, name, operation, fault);
        }
    }

    private void act(RoutingContext ctx, String name, Operation operation, @Nullable Fault fault) {
        Asked asked = asked(ctx, fault);
        if (asked.suffers(Fault.Kind.HANG) || asked.suffers(Fault.Kind.CUT_BEFORE_COMMIT)) {
            note(name, asked, null);
            if (asked.suffers(Fault.Kind.CUT_BEFORE_COMMIT)) {
                ctx.request().connection().close();
            }
            return;
        }
        Reply forced = FaultPlay.instead(fault, asked);
        Reply reply = FaultPlay.after(fault, forced == null ? answer(operation, asked) : forced);
        boolean lost = asked.suffers(Fault.Kind.CUT_AFTER_COMMIT);
        note(name, asked, lost ? reply.lost() : reply);
        if (lost) {
            ctx.request().connection().close();
        } else if (asked.suffers(Fault.Kind.CUT_MID_BODY)) {
            writeHalf(ctx, reply);
        } else {
            write(ctx, reply);
        }
    }

    /** Plays a call of the control endpoint, which no fault befalls and no journal notes. */
    void plain(RoutingContext ctx, Operation operation) {
        write(ctx, answer(operation, asked(ctx, null)));
    }

    /** The operation of a path that has none. */
    Reply nothing(Asked asked) {
        return Site.panic().reply(asked.requestId(), null);
    }

    private static Reply answer(Operation operation, Asked asked) {
        try {
            return operation.answer(asked);
        } catch (Refusal refusal) {
            return refusal.reply(asked.requestId(), asked.header("accept"));
        } catch (RuntimeException e) {
            LOG.error("An emulated call failed, request {}", asked.requestId(), e);
            return Site.panic().reply(asked.requestId(), asked.header("accept"));
        }
    }

    private Asked asked(RoutingContext ctx, @Nullable Fault fault) {
        Buffer body = ctx.body().buffer();
        int length = body == null ? 0 : body.length();
        String text = body == null ? "" : body.toString(StandardCharsets.UTF_8);
        return new Asked(
                ctx.request().path(),
                requestId(),
                ctx.request().headers(),
                length,
                Asked.parse(text),
                ctx.request().remoteAddress().hostAddress(),
                new When(now(), faults.stale()),
                fault);
    }

    private long now() {
        return world.clock().millis() + faults.clockOffset().toMillis();
    }

    private void note(String name, Asked asked, @Nullable Reply reply) {
        calls.add(new Call(
                asked.requestId(),
                name,
                reply == null ? null : reply.keyId(),
                reply == null ? 0 : reply.status(),
                reply == null ? null : reply.code(),
                Calls.redacted(asked.body(), asked.length()),
                asked.clientIp(),
                asked.header("user-agent")));
    }

    void write(RoutingContext ctx, Reply reply) {
        if (!ctx.response().closed()) {
            head(ctx.response(), reply).end(reply.body());
        }
    }

    private void writeHalf(RoutingContext ctx, Reply reply) {
        Buffer whole = Buffer.buffer(reply.body());
        head(ctx.response(), reply)
                .putHeader("Content-Length", Integer.toString(whole.length()))
                .write(whole.slice(0, whole.length() / 2))
                .onComplete(written -> ctx.request().connection().close());
    }

    private HttpServerResponse head(HttpServerResponse response, Reply reply) {
        response.setStatusCode(reply.status());
        response.putHeader("Content-Type", reply.contentType());
        response.putHeader("Date", DATE.format(Instant.ofEpochMilli(now())));
        reply.headers().forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        return response;
    }
}
