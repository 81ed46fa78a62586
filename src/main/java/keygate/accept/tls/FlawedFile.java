package keygate.accept.tls;

/** A file that cannot be used for TLS: what is wrong with it, and how to mend it. Never holds its content. */
public final class FlawedFile extends Exception {
    private final String problem;
    private final String mend;

    FlawedFile(String problem, String mend) {
        super(problem + "; " + mend);
        this.problem = problem;
        this.mend = mend;
    }

    public String problem() {
        return problem;
    }

    public String mend() {
        return mend;
    }
}
