package keygate.find;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import keygate.accept.Refusal;
import keygate.accept.Target;

/**
 * Which paths a route is for: {@code /a/b}, {@code /a/{id}/b}, {@code /a/**}. A parameter stands for exactly one
 * segment, {@code **} for none or more at the end; a trailing slash makes no difference.
 *
 * @param text the template as written
 * @param segments its segments in comparable spelling, parameters as {@code {}}
 * @param open whether it ends in {@code **}
 */
public record PathTemplate(String text, List<String> segments, boolean open) {
    static final String PARAMETER = "{}";
    private static final String REST = "**";

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException saying what is wrong, for a human
     */
    public static PathTemplate parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path must start with '/'");
        }
        String body = text.substring(1, text.length() > 1 && text.endsWith("/") ? text.length() - 1 : text.length());
        String[] pieces = body.split("/", -1);
        List<String> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        boolean open = false;
        for (int i = 0; i < pieces.length; i++) {
            String piece = pieces[i];
            open = piece.equals(REST) && i == pieces.length - 1;
            if (!open && !(pieces.length == 1 && piece.isEmpty())) {
                segments.add(segment(piece, names));
            }
        }
        return new PathTemplate(text, List.copyOf(segments), open);
    }

    private static String segment(String piece, Set<String> names) {
        if (piece.startsWith("{") && piece.endsWith("}")) {
            String name = piece.substring(1, piece.length() - 1);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException("'" + piece + "' is not a parameter such as {id}");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException("the parameter " + piece + " stands twice");
            }
            return PARAMETER;
        }
        if (piece.indexOf('{') >= 0 || piece.indexOf('}') >= 0 || piece.contains("*")) {
            throw new IllegalArgumentException(
                    "'" + piece + "' mixes text and wildcard: a segment is text or {name}, and ** only stands last");
        }
        return literal(piece);
    }

    private static String literal(String piece) {
        try {
            Target target = Target.parse("/" + piece);
            if (target.segments().size() == 1
                    && target.query() == null
                    && !target.path().endsWith("/")) {
                return target.segments().get(0);
            }
        } catch (Refusal refusal) {
            throw new IllegalArgumentException("'" + piece + "' can never match: " + refusal.detail(), refusal);
        }
        throw new IllegalArgumentException(
                "'" + piece + "' can never match: paths hold no empty or dot segments and no query");
    }

    @Override
    public String toString() {
        return text;
    }
}
