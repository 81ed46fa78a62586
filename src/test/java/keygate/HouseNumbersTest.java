package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The house stays small and explained: short files and methods, a sentence on every type, nothing left for later. */
final class HouseNumbersTest {
    private static final int LONGEST_FILE = 300;
    private static final int MEDIAN_FILE = 80;
    private static final int LONGEST_METHOD = 40;
    private static final int P90_METHOD = 18;

    private static List<Path> files(String root) throws IOException {
        try (Stream<Path> walk = Files.walk(Path.of(root))) {
            return walk.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Integer> lengths(List<Path> files) {
        return files.stream().map(HouseNumbersTest::lines).sorted().toList();
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void filesAreShort() throws IOException {
        List<Integer> main = lengths(files("src/main/java"));

        assertThat(main.get(main.size() / 2)).isLessThanOrEqualTo(MEDIAN_FILE);
        assertThat(files("src")).filteredOn(file -> lines(file) > LONGEST_FILE).isEmpty();
    }

    @Test
    void methodsAreShort() throws IOException {
        Survey main = Survey.of(files("src/main/java"));
        List<Integer> lengths =
                main.methods.stream().map(Method::lines).sorted().toList();

        assertThat(lengths.get(lengths.size() * 9 / 10)).isLessThanOrEqualTo(P90_METHOD);
        // Tests may hold long tables.
        assertThat(main.methods)
                .filteredOn(method -> method.lines() > LONGEST_METHOD)
                .isEmpty();
    }

    @Test
    void everyTypeSaysWhatItIs() throws IOException {
        assertThat(Survey.of(files("src/main/java")).undocumented).isEmpty();
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        String later = "TO" + "DO|FIX" + "ME|XX" + "X|Thread\\.sle" + "ep|@Disab" + "led";
        for (Path file : files("src")) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern("\\b(" + later + ")\\b");
        }
    }

    /** A method and how many lines it takes. */
    private record Method(String name, int lines) {}

    /** What the compiler's own parser sees in some files. */
    private static final class Survey extends TreePathScanner<Void, @Nullable Void> {
        private final List<Method> methods = new ArrayList<>();
        private final List<String> undocumented = new ArrayList<>();
        private final SourcePositions positions;
        private final DocTrees docs;

        private Survey(DocTrees docs) {
            this.docs = docs;
            this.positions = docs.getSourcePositions();
        }

        static Survey of(List<Path> files) throws IOException {
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
                JavacTask task = (JavacTask)
                        compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
                Survey survey = new Survey(DocTrees.instance(task));
                for (CompilationUnitTree unit : task.parse()) {
                    survey.scan(unit, null);
                }
                return survey;
            }
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            boolean named = !type.getSimpleName().toString().isEmpty();
            String doc = named ? docs.getDocComment(getCurrentPath()) : "anonymous";
            if (doc == null || doc.isBlank()) {
                undocumented.add(name() + " " + type.getSimpleName());
            }
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            methods.add(new Method(name() + " " + method.getName(), span(method)));
            return super.visitMethod(method, null);
        }

        private String name() {
            return getCurrentPath().getCompilationUnit().getSourceFile().getName();
        }

        private int span(Tree tree) {
            CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, tree));
            long last = lines.getLineNumber(positions.getEndPosition(unit, tree));
            return (int) (last - first + 1);
        }
    }
}
