package keygate.judge;

/** Is told of every answer before anybody is served with it. */
public interface AnswerListener {
    /**
     * An answer has come.
     *
     * @param asks what was asked for, and with it what Unkey charged for the call
     * @param forARequest whether the charge is that of a request which this answer will serve; a renewal in the
     *     background is charged, too, but serves nobody
     */
    void answered(Verification.Answer answer, Asks asks, boolean forARequest);
}
