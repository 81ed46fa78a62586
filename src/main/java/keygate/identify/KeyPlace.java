package keygate.identify;

import org.jspecify.annotations.Nullable;

/** Where a caller may present a key. */
public sealed interface KeyPlace {
    /** What the place is called in logs: its kind and name, never its content. */
    String label();

    /** {@code Authorization: Bearer KEY} (RFC 6750, 2.1). */
    record Bearer() implements KeyPlace {
        @Override
        public String label() {
            return "bearer";
        }
    }

    /**
     * A header that holds the key alone.
     *
     * @param prefix text before the key, such as {@code "Token "}; null for none. Values without it are no keys.
     */
    record InHeader(String name, @Nullable String prefix) implements KeyPlace {
        @Override
        public String label() {
            return "header " + name;
        }
    }

    /** A parameter of the query. */
    record InQuery(String name) implements KeyPlace {
        @Override
        public String label() {
            return "query " + name;
        }
    }

    /** A cookie. */
    record InCookie(String name) implements KeyPlace {
        @Override
        public String label() {
            return "cookie " + name;
        }
    }
}
