package keygate.proxy;

import keygate.accept.Reason;

/**
 * One request at one endpoint. What comes of it is told once; what is told later changes nothing, but that it could not
 * be reached. Must be ended. Lives on one event loop.
 */
public final class Attempt {
    private final Endpoints owner;
    private final Endpoint endpoint;
    private final int era;
    private final boolean trial;
    private boolean judged;
    private boolean ended;

    Attempt(Endpoints owner, Endpoint endpoint, boolean trial) {
        this.owner = owner;
        this.endpoint = endpoint;
        this.era = endpoint.circuit().era();
        this.trial = trial;
        endpoint.begun();
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Those that the endpoint is one of. */
    Endpoints endpoints() {
        return owner;
    }

    int era() {
        return era;
    }

    /** Whether it tries an endpoint that is out. */
    boolean isTrial() {
        return trial;
    }

    /** The head of an answer has come. */
    public void answered(int status) {
        boolean unavailable = status >= 502 && status <= 504;
        if (!ended) {
            judge(!(unavailable && owner.upstream().ejection().statuses()));
        }
    }

    /** There was no answer, for this reason. Only what the upstream is to blame for counts against it. */
    public void refused(Reason reason) {
        if (!ended) {
            unreached(reason);
        }
    }

    /** There is no connection, for this reason, which counts also where nobody waits for one any more. */
    void unreached(Reason reason) {
        if (reason.blame() == Reason.Blame.UPSTREAM && reason != Reason.UPSTREAM_BUSY) {
            judge(false);
        }
    }

    private void judge(boolean good) {
        if (!judged) {
            judged = true;
            owner.judged(this, good);
        }
    }

    /** The request is over, however. */
    public void ended() {
        if (!ended) {
            ended = true;
            endpoint.ended();
            if (trial && !judged) {
                owner.trialWasted(this);
            }
        }
    }
}
