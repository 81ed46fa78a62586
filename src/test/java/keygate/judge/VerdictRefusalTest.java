package keygate.judge;

import static keygate.judge.JudgeFixture.answer;
import static keygate.judge.JudgeFixture.live;
import static keygate.judge.JudgeFixture.noAnswer;
import static keygate.judge.JudgeFixture.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import keygate.accept.Header;
import keygate.accept.Reason;
import keygate.accept.Reason.Blame;
import keygate.accept.Refusal;
import keygate.judge.Verification.NoAnswer.Cause;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller is refused for its key only when Unkey said so about that key; what concerns Unkey or us is a 503. */
class VerdictRefusalTest {
    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, KEY_REJECTED",
        "DISABLED, KEY_REJECTED",
        "EXPIRED, KEY_REJECTED",
        "FORBIDDEN, KEY_FORBIDDEN",
        "INSUFFICIENT_PERMISSIONS, PERMISSION_MISSING",
        "UNKNOWN, KEY_FORBIDDEN"
    })
    void everyDenialHasItsReason(Code code, Reason reason) {
        assertThat(refusal(answer(code)).reason()).isEqualTo(reason);
    }

    @Test
    void unknownDisabledAndExpiredLookAlike() {
        Set<String> seen = new HashSet<>();
        for (Code code : new Code[] {Code.NOT_FOUND, Code.DISABLED, Code.EXPIRED}) {
            Refusal refusal = refusal(answer(code));
            StringBuilder shown = new StringBuilder();
            refusal.headers().forEach(header -> shown.append(header.name()).append(header.value()));
            seen.add(refusal.reason() + refusal.detail() + refusal.getMessage() + shown);
            assertThat(refusal.headers())
                    .containsExactly(new Header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
        }
        assertThat(seen).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"VALID", "RATE_LIMITED", "USAGE_EXCEEDED"})
    void spendingIsNotJudgedHere(Code code) {
        Verdict verdict = live(answer(code));
        assertThat(verdict.orRefuse()).isSameAs(verdict);
    }

    @Test
    void anonymousCallersPass() {
        assertThat(Verdict.ANONYMOUS.orRefuse()).isSameAs(Verdict.ANONYMOUS);
        assertThat(Verdict.ANONYMOUS.answer()).isNull();
        assertThat(Verdict.ANONYMOUS.source()).isEqualTo(Verdict.Source.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, UNKEY_UNAVAILABLE",
        "THROTTLED, UNKEY_THROTTLED",
        "MISCONFIGURED, UNKEY_MISCONFIGURED",
        "LIMIT_MISSING, UNKEY_MISCONFIGURED",
        "BUSY, OVERLOADED"
    })
    void withoutAnAnswerItIsNotTheCallersFault(Cause cause, Reason reason) {
        Refusal refusal = refusal(noAnswer(cause, Duration.ofSeconds(3)));
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.reason().status()).isEqualTo(503);
        assertThat(refusal.reason().blame()).isNotEqualTo(Blame.CALLER);
        assertThat(refusal.headers()).containsExactly(new Header("Retry-After", "3"));
    }

    @Test
    void whoTriesOneKeyAfterAnotherIsToldToStop() {
        Refusal refusal = refusal(noAnswer(Cause.STRANGER, Duration.ofSeconds(3)));
        assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY_UNKNOWN_KEYS);
        assertThat(refusal.reason().status()).isEqualTo(429);
        assertThat(refusal.headers()).containsExactly(new Header("Retry-After", "3"));
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void everyCauseHasItsRefusal(Cause cause) {
        assertThat(refusal(noAnswer(cause, Duration.ZERO)).detail()).isEqualTo("the key could not be verified");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1000, 1", "1001, 2", "2000, 2", "59001, 60", "-5000, 1"})
    void retryAfterIsWholeSecondsAndAtLeastOne(long millis, String seconds) {
        Refusal refusal = refusal(noAnswer(Cause.THROTTLED, Duration.ofMillis(millis)));
        assertThat(refusal.headers()).containsExactly(new Header("Retry-After", seconds));
    }

    @Test
    void theOperatorsNoteIsNotShown() {
        Verification.NoAnswer none =
                new Verification.NoAnswer(Cause.MISCONFIGURED, "req_1", "root key unkey_xyz", Duration.ZERO);
        assertThat(refusal(none).detail()).doesNotContain("root", "unkey_xyz", "req_1");
    }

    @Test
    void onlyBothFieldsTogetherAdmit() {
        assertThat(Code.of(true, "VALID")).isEqualTo(Code.VALID);
        assertThat(Code.of(false, "VALID")).isEqualTo(Code.UNKNOWN);
        for (String code : new String[] {"valid", "Valid", " VALID", "VALID ", "", "OK", "UNKNOWN", "SUSPENDED"}) {
            assertThat(Code.of(true, code)).as(code).isEqualTo(Code.UNKNOWN);
            assertThat(Code.of(false, code)).as(code).isEqualTo(Code.UNKNOWN);
        }
        assertThat(Code.of(true, nothing())).isEqualTo(Code.UNKNOWN);
        assertThat(Code.of(false, nothing())).isEqualTo(Code.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(value = Code.class, names = "VALID", mode = EnumSource.Mode.EXCLUDE)
    void everyOtherCodeDeniesWhateverTheFlagSays(Code code) {
        assertThat(Code.of(false, code.name())).isEqualTo(code);
        assertThat(Code.of(true, code.name())).isEqualTo(Code.UNKNOWN);
    }

    @Test
    void sourcesAreNamedInLowerCase() {
        assertThat(live(valid()).source().label()).isEqualTo("live");
        assertThat(live(JudgeFixture.down()).source().label()).isEqualTo("none");
        assertThat(Code.NOT_FOUND.label()).isEqualTo("not_found");
    }

    private static @Nullable String nothing() {
        return null;
    }

    private static Refusal refusal(Verification verification) {
        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> live(verification).orRefuse());
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
