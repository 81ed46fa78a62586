package keygate.find;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The path templates of one host as a tree of segments. Filled once, then closed and only read. */
final class PathTree<R> {
    private final Node<R> root = new Node<>();

    /** One segment deep: text children, one parameter child, and the rules that end here. */
    private static final class Node<R> {
        private Map<String, Node<R>> texts = new HashMap<>();
        private @Nullable Node<R> parameter;
        private List<R> closed = new ArrayList<>(1);
        private List<R> open = new ArrayList<>(0);

        Node<R> child(String segment) {
            if (!segment.equals(PathTemplate.PARAMETER)) {
                return texts.computeIfAbsent(segment.intern(), text -> new Node<>());
            }
            if (parameter == null) {
                parameter = new Node<>();
            }
            return parameter;
        }

        void close() {
            texts.values().forEach(Node::close);
            if (parameter != null) {
                parameter.close();
            }
            texts = Map.copyOf(texts);
            closed = List.copyOf(closed);
            open = List.copyOf(open);
        }
    }

    void add(PathTemplate template, R rule) {
        Node<R> node = root;
        for (String segment : template.segments()) {
            node = node.child(segment);
        }
        (template.open() ? node.open : node.closed).add(rule);
    }

    /**
     * Nothing will be added. Of many routes few are in the processor's caches, and each object on the way to one that is
     * not costs as much as a hundred that are: so there are as few as can be, and those of equal text are shared.
     */
    void close() {
        root.close();
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
