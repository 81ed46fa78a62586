package keygate.manage.api;

/** One thing that operators can ask for. */
public interface Operation {
    /** Noun and verb, as in {@code routes.list}: the end of its path. */
    String name();

    /** What it takes. */
    Shape takes();

    /** Whether it changes the gateway's state; that somebody did is logged. */
    default boolean changes() {
        return false;
    }

    /**
     * Carries it out. Not on an event loop, and no two at a time: it may take a while, but waits for nobody. What comes
     * from elsewhere comes later.
     */
    Answer answer(Input input) throws Problem;
}
