package keygate.cli.audit;

import java.io.PrintWriter;

/**
 * Shows that a long walk goes on: a bar that moves, on a terminal, or a line now and then. Nobody tells how many keys
 * there are, so the bar shows motion and not a share.
 */
public final class Progress {
    private static final long LINE_EVERY = 10_000;
    private static final int WIDTH = 20;
    private static final int MARK = 3;

    private final PrintWriter err;
    private final boolean terminal;
    private long pages;
    private long lines;

    /** @param terminal whether a person looks at {@code err} */
    public Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** One more page came, which makes so many keys. */
    public void at(long keys) {
        pages++;
        if (terminal) {
            int place = (int) (pages % (WIDTH - MARK + 1));
            String bar = " ".repeat(place) + "=".repeat(MARK) + " ".repeat(WIDTH - MARK - place);
            err.print("\r[" + bar + "] " + keys + " keys");
            err.flush();
        } else if (keys / LINE_EVERY > lines) {
            lines = keys / LINE_EVERY;
            err.println(keys + " keys so far");
            err.flush();
        }
    }

    /** Leaves the terminal's line clean. */
    public void end() {
        if (terminal) {
            err.print("\r" + " ".repeat(WIDTH + 30) + "\r");
            err.flush();
        }
    }
}
