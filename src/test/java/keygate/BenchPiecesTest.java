package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bench's pieces fit the code that they measure: the bench is no part of the build, so nothing else would tell that
 * they do not compile any more.
 */
final class BenchPiecesTest {
    private static final Path PIECES = Path.of("bench/pieces/src/main/java");
    /** JMH's annotations, as far as the pieces use them. */
    private static final List<String> JMH = List.of("Benchmark", "Setup", "TearDown", "State", "Param");

    @TempDir
    private Path out;

    @Test
    void theyCompile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files =
                        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
                Stream<Path> all = Files.walk(PIECES)) {
            List<JavaFileObject> sources = new ArrayList<>();
            files.getJavaFileObjectsFromPaths(all.filter(file -> file.toString().endsWith(".java"))
                            .toList())
                    .forEach(sources::add);
            assertThat(sources).hasSizeGreaterThan(5);
            JMH.forEach(name -> sources.add(annotation(name)));
            sources.add(source("Scope", "enum Scope { Benchmark, Thread }"));
            List<String> options =
                    List.of("-proc:none", "-d", out.toString(), "-classpath", System.getProperty("java.class.path"));

            boolean compiled =
                    compiler.getTask(said, files, null, options, null, sources).call();

            assertThat(compiled).as(said::toString).isTrue();
        }
    }

    private static JavaFileObject annotation(String name) {
        String member =
                switch (name) {
                    case "State" -> "Scope value();";
                    case "Param" -> "String[] value();";
                    default -> "";
                };
        return source(name, "@interface " + name + " { " + member + " }");
    }

    private static JavaFileObject source(String name, String type) {
        String text = "package org.openjdk.jmh.annotations; public " + type;
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
