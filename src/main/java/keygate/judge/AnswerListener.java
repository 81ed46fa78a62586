package keygate.judge;

/** Is told of every answer before anybody is served with it, and knows which admissions bring new answers. */
public interface AnswerListener {
    /** A call is about to be made. Gives a mark by which its answer is told from those to earlier and later calls. */
    long asking();

    /**
     * An answer has come to a call that charged for the one request that made it, or for none.
     *
     * @param mark what {@link #asking()} gave when the call was made
     */
    void answered(Verification.Answer answer, long mark);

    /** Whether charging for a request with this answer makes a call soon, so that no other is needed to renew it. */
    boolean renews(Question question, Verification.Answer answer);
}
