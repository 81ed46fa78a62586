package keygate.limit;

/** When the requests of a route are charged at Unkey. */
public enum Accounting {
    /** Soon after they were admitted, many at once; ahead of it only where little is left. */
    SETTLED,
    /** Before they are admitted; those that come in while a call is under way share the next one. */
    EXACT,
    /** Never. */
    NONE
}
