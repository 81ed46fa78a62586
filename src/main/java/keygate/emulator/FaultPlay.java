package keygate.emulator;

import keygate.emulator.wire.Refusal;
import keygate.emulator.wire.Reply;
import org.jspecify.annotations.Nullable;

/** What faults make of answers. */
final class FaultPlay {
    private static final String HTML = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>\n";

    private FaultPlay() {}

    /** The answer given instead of doing anything; null when the call is to be done. */
    static @Nullable Reply instead(@Nullable Fault fault, Asked asked) {
        if (fault == null) {
            return null;
        }
        if (fault.kind() == Fault.Kind.HTML_503) {
            return Reply.of(503, "text/html", HTML);
        }
        Refusal refusal = refusal(fault);
        return refusal == null ? null : refusal.reply(asked.requestId(), asked.header("accept"));
    }

    /** The answer after the call was done. */
    static Reply after(@Nullable Fault fault, Reply reply) {
        if (fault == null) {
            return reply;
        }
        return switch (fault.kind()) {
            case GARBAGE_JSON -> reply.body("}{ this is no JSON");
            case TRUNCATED_JSON ->
                reply.body(reply.body().substring(0, reply.body().length() / 2));
            default -> reply;
        };
    }

    private static @Nullable Refusal refusal(Fault fault) {
        return switch (fault.kind()) {
            case ERROR_500 ->
                new Refusal(
                        500,
                        "unkey/application/unexpected_error",
                        "Internal Server Error",
                        "An unexpected error occurred.");
            case TOO_MANY_REQUESTS -> Doorkeeper.tooMany().header("Retry-After", Long.toString(fault.amount()));
            case ROOT_KEY_401 -> Doorkeeper.unknownRootKey();
            case ROOT_KEY_403 -> Doorkeeper.disabledRootKey();
            case TIMEOUT_408 ->
                new Refusal(408, "user/bad_request/request_timeout", "Request Timeout", "The request took too long.");
            case PRECONDITION_412 ->
                new Refusal(
                        412,
                        "unkey/application/precondition_failed",
                        "Precondition Failed",
                        "The rate limit does not exist on key 'key_forced', and the request gives no limit and duration.");
            default -> null;
        };
    }
}
