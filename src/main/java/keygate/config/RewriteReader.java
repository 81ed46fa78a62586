package keygate.config;

import java.util.List;
import keygate.accept.Refusal;
import keygate.accept.Target;
import keygate.find.PathTemplate;
import keygate.modify.Rewrite;
import org.jspecify.annotations.Nullable;

/** Reads how a route changes the path. */
final class RewriteReader {
    private static final String MEND = "write {stripPrefix: /v1} or {replacePrefix: /v1, with: /api}";

    private RewriteReader() {}

    /** A route's rewrite, taken over whole or not at all; a null template leaves open whether it fits the route. */
    static Rewrite read(Field field, @Nullable PathTemplate template) {
        if (!field.isPresent()) {
            return Rewrite.NONE;
        }
        Section section = field.section();
        Field strip = section.own("stripPrefix");
        Field replace = section.own("replacePrefix");
        Field with = section.own("with");
        section.done();
        if (strip.isPresent() == replace.isPresent()) {
            field.fault("exactly one of 'stripPrefix' and 'replacePrefix' is needed", MEND);
            return Rewrite.NONE;
        }
        if (replace.isPresent() != with.isPresent()) {
            field.fault("'replacePrefix' and 'with' go together", MEND);
            return Rewrite.NONE;
        }
        Field from = strip.isPresent() ? strip : replace;
        List<String> prefix = from.parse(RewriteReader::prefix, List.of(), MEND);
        if (template != null && !starts(template, prefix)) {
            from.fault("the route's path does not begin with this prefix", "name leading segments of " + template);
        }
        return new Rewrite(prefix.size(), with.parse(RewriteReader::canonical, "", MEND));
    }

    private static boolean starts(PathTemplate template, List<String> prefix) {
        return prefix.size() <= template.segments().size()
                && template.segments().subList(0, prefix.size()).equals(prefix);
    }

    private static List<String> prefix(String text) {
        PathTemplate prefix = PathTemplate.parse(text);
        if (prefix.open()) {
            throw new IllegalArgumentException("a prefix does not end in **");
        }
        return prefix.segments();
    }

    private static String canonical(String text) {
        try {
            Target target = Target.parse(text);
            if (target.query() != null) {
                throw new IllegalArgumentException("'" + text + "' is no path: it holds a query");
            }
            String path = target.path();
            return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        } catch (Refusal refusal) {
            throw new IllegalArgumentException("'" + text + "' is no path: " + refusal.detail(), refusal);
        }
    }
}
