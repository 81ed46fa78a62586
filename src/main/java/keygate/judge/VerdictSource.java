package keygate.judge;

import java.util.concurrent.CompletionStage;

/** Where answers come from when none is remembered. */
public interface VerdictSource {
    /**
     * Asks once. Every failure is a {@link Verification.NoAnswer}; the stage itself never fails and is bounded in
     * time. May be called from any thread and may complete on any.
     */
    CompletionStage<Verification> verify(Question question);
}
