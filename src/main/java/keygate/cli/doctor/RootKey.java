package keygate.cli.doctor;

import java.util.Locale;
import keygate.judge.Code;
import keygate.unkey.UnkeyProbe.Probed;

/**
 * Reads what an answer says about the root key. Unkey answers NOT_FOUND both for a key that does not exist and for one
 * that the root key may not verify, so only a key that is known to exist, the canary, tells the two apart.
 */
final class RootKey {
    private static final String SUBJECT = "unkey";
    private static final String CHECK = "root key";

    private RootKey() {}

    static Finding judge(Probed answer, boolean canary) {
        return switch (answer.status()) {
            case 200 -> answer.code() == Code.NOT_FOUND ? notFound(canary) : found(answer, canary);
            case 401 -> fail(answer, "Unkey does not know the root key", "set unkey.rootKey to one that exists");
            case 403 -> forbidden(answer);
            case 404 ->
                fail(answer, "nothing is found for the root key", "check unkey.url, and that the workspace lives");
            case 429 -> Finding.ok(SUBJECT, CHECK, "Unkey knows the root key");
            default ->
                answer.status() >= 500
                        ? fail(answer, "Unkey is in trouble", "see https://status.unkey.com")
                        : fail(
                                answer,
                                "Unkey does not take the call",
                                "check that unkey.url is Unkey's API, and the root key");
        };
    }

    private static Finding notFound(boolean canary) {
        return canary
                ? Finding.fail(
                        SUBJECT,
                        CHECK,
                        "Unkey accepts it but does not find the canary: the root key may not verify keys of its API, or"
                                + " is of another workspace",
                        "give the root key api.*.verify_key, or set unkey.canary to a key that exists")
                : Finding.warn(
                        SUBJECT,
                        CHECK,
                        "Unkey accepts it; whether it may verify keys shows only with a key that exists, as all others"
                                + " are NOT_FOUND",
                        "set unkey.canary to such a key");
    }

    private static Finding found(Probed answer, boolean canary) {
        if (!canary || answer.code() == Code.UNKNOWN) {
            return Finding.warn(
                    SUBJECT,
                    CHECK,
                    "Unkey answers what this version does not know",
                    "check that unkey.url is Unkey's API, and look for a newer version");
        }
        return Finding.ok(
                SUBJECT,
                CHECK,
                "Unkey accepts it, and it may verify keys: the canary is "
                        + String.valueOf(answer.code()).toLowerCase(Locale.ROOT));
    }

    private static Finding forbidden(Probed answer) {
        String type = String.valueOf(answer.type());
        return switch (type) {
            case "key_disabled" -> fail(answer, "the root key is disabled", "enable it, or set another");
            case "workspace_disabled" -> fail(answer, "the workspace is disabled", "ask Unkey's support why");
            default ->
                fail(
                        answer,
                        "the root key has expired, or may not verify keys",
                        "give it api.*.verify_key and a later end, or set another");
        };
    }

    private static Finding fail(Probed answer, String what, String mend) {
        String words = " (status " + answer.status() + (answer.type() == null ? "" : ", " + answer.type()) + ": "
                + answer.detail() + ")";
        return Finding.fail(SUBJECT, CHECK, what + words, mend);
    }
}
