package keygate.unkey;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import keygate.judge.Asks;
import keygate.judge.Code;
import keygate.judge.KeyFacts;
import keygate.judge.Question;
import keygate.judge.RateLimit;
import keygate.judge.VerdictSource;
import keygate.judge.Verification;
import org.jspecify.annotations.Nullable;

/** Asks Unkey's {@code keys.verifyKey}. */
public final class UnkeyVerdictSource implements VerdictSource {
    private static final Pattern FIT = Pattern.compile("[!-~]{1,128}");

    private final UnkeyApi api;

    public UnkeyVerdictSource(UnkeyApi api) {
        this.api = api;
    }

    @Override
    public CompletionStage<Verification> verify(Question question) {
        return api.call(Operation.VERIFY_KEY, question.purpose().label(), body(question), question.clientIp())
                .map(UnkeyVerdictSource::answer)
                .otherwise(UnkeyVerdictSource::noAnswer)
                .toCompletionStage();
    }

    /** Exactly what is asked and nothing else: Unkey answers 400 to nulls and to unknown fields. */
    static Buffer body(Question question) {
        Asks asks = question.asks();
        return Json.write(json -> {
            json.writeStartObject();
            json.writeFieldName("key");
            json.writeUTF8String(
                    question.credential().secret(), 0, question.credential().secret().length);
            if (!question.tags().isEmpty()) {
                json.writeFieldName("tags");
                json.writeArray(
                        question.tags().toArray(String[]::new),
                        0,
                        question.tags().size());
            }
            if (asks.permissions() != null) {
                json.writeStringField("permissions", asks.permissions());
            }
            if (asks.credits() != null) {
                json.writeObjectFieldStart("credits");
                json.writeNumberField("cost", asks.credits());
                json.writeEndObject();
            }
            writeLimits(json, asks.limits());
            json.writeEndObject();
        });
    }

    private static void writeLimits(JsonGenerator json, List<Asks.Limit> limits) throws IOException {
        if (limits.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("ratelimits");
        for (Asks.Limit limit : limits) {
            json.writeStartObject();
            json.writeStringField("name", limit.name());
            json.writeNumberField("cost", limit.cost());
            if (limit.limit() != null && limit.duration() != null) {
                json.writeNumberField("limit", limit.limit());
                json.writeNumberField("duration", limit.duration());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static Verification answer(Envelope<VerifyKeyData> envelope) {
        VerifyKeyData data = envelope.data();
        if (data == null || data.valid() == null || data.code() == null) {
            throw CallFailed.garbled("the answer says neither valid nor why not");
        }
        Code code = Code.of(data.valid(), data.code());
        if (code == Code.VALID && data.keyId() == null) {
            throw CallFailed.garbled("the answer admits a key without an id");
        }
        return new Verification.Answer(
                code, facts(data), data.credits(), limits(data), fitForAHeader(envelope.requestId()));
    }

    /** The id goes into a header for the upstream; what none may hold is no id of Unkey's. */
    private static String fitForAHeader(@Nullable String requestId) {
        return requestId != null && FIT.matcher(requestId).matches() ? requestId : "";
    }

    private static Verification noAnswer(Throwable failure) {
        CallFailed failed = Failures.asCallFailed(failure);
        return new Verification.NoAnswer(
                failed.why(),
                failed.requestId(),
                String.valueOf(failed.getMessage()),
                failed.retryAfter(),
                failed.maybeCharged(),
                failed.status());
    }

    private static KeyFacts facts(VerifyKeyData data) {
        VerifyKeyData.IdentityData identity = data.identity();
        return new KeyFacts(
                data.keyId(),
                data.name(),
                data.expires(),
                data.meta(),
                distinct(data.permissions()),
                distinct(data.roles()),
                identity == null ? null : new KeyFacts.Identity(identity.id(), identity.externalId(), identity.meta()));
    }

    /** Unkey repeats a permission that is granted twice, directly and by a role, and keeps no order. */
    private static List<String> distinct(@Nullable List<String> names) {
        return names == null ? List.of() : names.stream().distinct().sorted().toList();
    }

    private static List<RateLimit> limits(VerifyKeyData data) {
        return data.ratelimits() == null
                ? List.of()
                : data.ratelimits().stream().map(UnkeyVerdictSource::limit).toList();
    }

    private static RateLimit limit(VerifyKeyData.LimitData limit) {
        if (limit.name() == null || limit.limit() <= 0 || limit.duration() <= 0) {
            throw CallFailed.garbled("the answer has a rate limit without a name or a size");
        }
        return new RateLimit(
                limit.id() == null ? "" : limit.id(),
                limit.name(),
                limit.limit(),
                limit.duration(),
                limit.exceeded(),
                limit.remaining(),
                limit.reset());
    }
}
