package keygate.find;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The path templates of one host as a tree of segments. Filled once, then only read. */
final class PathTree<R> {
    private final Node<R> root = new Node<>();

    /** One segment deep: text children, one parameter child, and the rules that end here. */
    private static final class Node<R> {
        private final Map<String, Node<R>> texts = new HashMap<>();
        private @Nullable Node<R> parameter;
        private final List<R> closed = new ArrayList<>(1);
        private final List<R> open = new ArrayList<>(0);

        Node<R> child(String segment) {
            if (!segment.equals(PathTemplate.PARAMETER)) {
                return texts.computeIfAbsent(segment, text -> new Node<>());
            }
            if (parameter == null) {
                parameter = new Node<>();
            }
            return parameter;
        }
    }

    void add(PathTemplate template, R rule) {
        Node<R> node = root;
        for (String segment : template.segments()) {
            node = node.child(segment);
        }
        (template.open() ? node.open : node.closed).add(rule);
    }

    /** The most specific rule for these segments that also passes the test; candidates are tested in that order. */
    @Nullable
    R find(List<String> segments, Predicate<R> test) {
        return find(root, segments, 0, test);
    }

    private @Nullable R find(@Nullable Node<R> node, List<String> segments, int at, Predicate<R> test) {
        if (node == null) {
            return null;
        }
        R found = null;
        if (at == segments.size()) {
            found = first(node.closed, test);
        } else {
            found = find(node.texts.get(segments.get(at)), segments, at + 1, test);
            if (found == null) {
                found = find(node.parameter, segments, at + 1, test);
            }
        }
        return found != null ? found : first(node.open, test);
    }

    private static <R> @Nullable R first(List<R> rules, Predicate<R> test) {
        for (R rule : rules) {
            if (test.test(rule)) {
                return rule;
            }
        }
        return null;
    }
}
