package keygate.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads a YAML file into {@link Settings}: all of it or, with every mistake named, nothing. */
public final class ConfigFile {
    private static final int MAX_CHARACTERS = 8 * 1024 * 1024;

    private final String name;
    private final String text;
    private final Reading reading;

    private ConfigFile(String name, String text, Function<String, @Nullable String> environment) {
        this(name, text, environment, path -> {});
    }

    private ConfigFile(
            String name, String text, Function<String, @Nullable String> environment, Consumer<String> asked) {
        this.name = name;
        this.text = text;
        this.reading = new Reading(name, new Interpolation(environment), asked);
    }

    /**
     * A file without mistakes.
     *
     * @param warnings what is allowed in it but seldom meant, in the order of the file
     */
    public record Checked(Settings settings, List<Fault> warnings) {
        public Checked {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Reads a file.
     *
     * @param environment gives an environment variable's value, or null
     */
    public static Settings load(Path file, Function<String, @Nullable String> environment) throws ConfigException {
        return load(file, environment, null);
    }

    /**
     * Reads a file that is to take the place of what is in force. A difference that asks for a restart is a mistake,
     * too.
     */
    public static Settings reload(Path file, Function<String, @Nullable String> environment, Settings inForce)
            throws ConfigException {
        return load(file, environment, inForce);
    }

    private static Settings load(Path file, Function<String, @Nullable String> environment, @Nullable Settings inForce)
            throws ConfigException {
        ConfigFile read = new ConfigFile(file.toString(), text(file), environment);
        return read.read(read.top(), inForce);
    }

    /**
     * Reads a file and looks for what is doubtful in it, too.
     *
     * @param environment gives an environment variable's value, or null
     * @param now what certificates are held against
     */
    public static Checked check(Path file, Function<String, @Nullable String> environment, Instant now)
            throws ConfigException {
        return check(file.toString(), text(file), environment, now);
    }

    /** Checks a text; {@code name} stands for the file in what is reported. */
    static Checked check(String name, String text, Function<String, @Nullable String> environment, Instant now)
            throws ConfigException {
        ConfigFile file = new ConfigFile(name, text, environment);
        Section top = file.top();
        Settings settings = file.read(top, null);
        Warnings.find(top, settings, now);
        return new Checked(settings, file.reading.warnings());
    }

    private static String text(Path file) throws ConfigException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            String problem = "the file cannot be read: " + e.getClass().getSimpleName();
            throw new ConfigException(List.of(new Fault(
                    file.toString(), 1, 1, "", problem, "check the path, its rights, and that it is UTF-8 text")));
        }
    }

    /** Reads a text; {@code name} stands for the file in what is reported. */
    public static Settings parse(String name, String text, Function<String, @Nullable String> environment)
            throws ConfigException {
        ConfigFile file = new ConfigFile(name, text, environment);
        return file.read(file.top(), null);
    }

    /**
     * Every kind of key that the code looks for, given a text that has all sections, even such as exclude each other;
     * for the test of the schema.
     */
    static Set<String> knownKeys(String text) {
        Set<String> asked = new TreeSet<>();
        try {
            ConfigFile file = new ConfigFile("keys", text, name -> "value", path -> asked.add(Reading.kind(path)));
            file.read(file.top(), null);
        } catch (ConfigException e) {
            // Keys that exclude each other, or name files that are not there, are asked for all the same.
        }
        return asked;
    }

    private Section top() throws ConfigException {
        Node root = compose();
        if (root != null && !(root instanceof MappingNode)) {
            throw refused(root.getStartMark(), "the file must hold keys with values", "begin with 'server:'");
        }
        Mark start = root == null ? new Mark(name, 0, 0, 0, new int[0], 0) : root.getStartMark();
        return new Section(reading, "", (MappingNode) root, start, null, new Shown());
    }

    private Settings read(Section top, @Nullable Settings inForce) throws ConfigException {
        Settings settings = SettingsReader.read(top);
        if (inForce != null && reading.count() == 0) {
            inForce.needingRestart(settings).forEach(section -> refuseChange(top, section));
        }
        List<Fault> faults = reading.faults();
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return settings;
    }

    private static void refuseChange(Section top, String path) {
        int dot = path.indexOf('.');
        Field field = dot < 0
                ? top.at(path)
                : top.at(path.substring(0, dot)).section().at(path.substring(dot + 1));
        field.fault("this cannot change while the gateway runs", "restart it, or undo the change");
    }

    private @Nullable Node compose() throws ConfigException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        try {
            return new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            throw refused(e);
        } catch (ReaderException e) {
            String character = String.format("U+%04X", e.getCodePoint());
            throw refused(
                    markOf(e.getPosition()), "the character " + character + " must not stand in YAML", "remove it");
        } catch (YAMLException | IllegalArgumentException e) {
            // The second is what a tag of white space alone gives.
            throw refused(null, "this is not YAML: " + e.getMessage(), "check the file");
        }
    }

    private ConfigException refused(MarkedYAMLException e) {
        Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
        String context = Objects.requireNonNullElse(e.getContext(), "");
        String before = context.startsWith("expected") ? context + ", " : "";
        String mend = context.contains("alias")
                ? "put quotes around a text that begins with *"
                : "check the indentation and quotes above it";
        return refused(mark, "this is not YAML: " + before + e.getProblem(), mend);
    }

    private Mark markOf(int codePoint) {
        String before = text.substring(0, text.offsetByCodePoints(0, codePoint));
        int line = (int) before.chars().filter(c -> c == '\n').count();
        return new Mark(name, codePoint, line, before.length() - before.lastIndexOf('\n') - 1, new int[0], 0);
    }

    private ConfigException refused(@Nullable Mark at, String problem, String mend) {
        int line = at == null ? 1 : at.getLine() + 1;
        int column = at == null ? 1 : at.getColumn() + 1;
        return new ConfigException(List.of(new Fault(name, line, column, "", problem, mend)));
    }
}
