package keygate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A row of the tables in {@code src/test/resources/hostile}, whose {@code README.txt} says how they are read.
 *
 * @param name the table and what is odd about the request
 * @param octets what the caller sends, each character one octet, before the canary
 * @param verdict what comes back until the connection ends: {@code pass} and {@code canary} for requests that are
 *     served, else statuses; or {@code broken:STATUS}, or {@code cut:LINES}
 * @param sees the requests that the upstream gets, besides the canary
 */
record HostileRow(String name, String octets, List<String> verdict, List<Sight> sees) {
    /** An innocent request with somebody else's key: it follows every row, and hides in some. */
    static final String CANARY = "GET /canary HTTP/1.1\\r\\nHost: api.test\\r\\nAuthorization: Bearer canary\\r\\n"
            + "Connection: close\\r\\n\\r\\n";

    private static final Path TABLES = Path.of("src/test/resources/hostile");
    private static final Pattern ROW = Pattern.compile("((?:pass|canary|broken:\\d+|cut:\\d|\\d{3}| )+) \\| (.*)");
    private static final Pattern REPEATED = Pattern.compile("\\{([^{}]+)\\*(\\d+)}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|.)", Pattern.DOTALL);

    /** A request as an upstream sees it, and what must stand in its head. */
    record Sight(String method, String target, String body, List<String> fields) {
        static Sight of(String text) {
            List<String> parts = List.of(text.split(" \\+"));
            String[] words = parts.get(0).strip().split(" ", 3);
            String body = words[2].equals("-") ? "" : octets(words[2]);
            return new Sight(octets(words[0]), words[1], body, parts.subList(1, parts.size()));
        }
    }

    /** All tables, in the order of their names. */
    static List<Path> tables() throws IOException {
        try (Stream<Path> files = Files.list(TABLES)) {
            return files.filter(file -> !file.endsWith("README.txt")).sorted().toList();
        }
    }

    /** The rows of one table. Throws where a line looks like a row and has no verdict that is known. */
    static List<HostileRow> of(Path table) throws IOException {
        List<HostileRow> rows = new ArrayList<>();
        String shape = "<>";
        String sees = "";
        for (String line : Files.readAllLines(table, UTF_8)) {
            if (line.startsWith("shape: ")) {
                shape = line.substring(7);
                sees = "";
            } else if (line.startsWith("sees: ")) {
                sees = line.substring(6);
            } else {
                Matcher row = ROW.matcher(line);
                if (row.matches()) {
                    rows.add(row(row.group(1), row.group(2).split(" \\| ", -1), shape, sees));
                } else if (line.contains("|")) {
                    throw new IllegalStateException("no row, and no words about rows: " + table + ": " + line);
                }
            }
        }
        return rows;
    }

    private static HostileRow row(String verdict, String[] cells, String shape, String sees) {
        String sights = cells.length > 2 ? cells[2] : sees;
        return new HostileRow(
                cells[0],
                octets(shape.replace("<>", cells[1])),
                List.of(verdict.split(" ")),
                sights.isEmpty()
                        ? List.of()
                        : Arrays.stream(sights.split(" && ")).map(Sight::of).toList());
    }

    /** The requests that the upstream must get: those that pass, and no other. */
    List<Sight> expected() {
        return verdict.contains("pass") ? sees : List.of();
    }

    boolean passesCanary() {
        return verdict.contains("canary");
    }

    /** Macros first, escapes second. */
    static String octets(String text) {
        int length = unescaped(CANARY).length();
        String whole = text.replace("{canary.length+5}", Integer.toString(length + 5))
                .replace("{canary.length}", Integer.toString(length))
                .replace("{canary.hex}", Integer.toHexString(length))
                .replace("{canary}", CANARY);
        String repeated = REPEATED.matcher(whole)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2)))));
        return unescaped(repeated);
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(unescape(found.group(1))));
    }

    private static String unescape(String escape) {
        return switch (escape.charAt(0)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '0' -> "\0";
            case 'x' -> Character.toString(Integer.parseInt(escape.substring(1), 16));
            default -> escape;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
