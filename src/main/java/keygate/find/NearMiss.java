package keygate.find;

/**
 * A route that a request did not take, though it came near.
 *
 * @param why what kept it from being taken
 * @param at the template's segment that did not fit, as text; empty where it is not the path
 */
public record NearMiss(Route route, Why why, String at) {
    /** What keeps a route from being taken, the most telling first. */
    public enum Why {
        /** Host and path fit, the method does not. */
        METHOD,
        /** All of it fits, but a route that is more specific is taken. */
        LESS_SPECIFIC,
        /** The path fits, the host does not. */
        HOST,
        /** The host fits, and the path up to some segment. */
        PATH
    }
}
