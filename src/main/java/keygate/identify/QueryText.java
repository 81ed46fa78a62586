package keygate.identify;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Names and values of a query, as forms encode them. */
public final class QueryText {
    private QueryText() {}

    /** The text behind the encoding; what is not validly encoded stands for itself. */
    public static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
