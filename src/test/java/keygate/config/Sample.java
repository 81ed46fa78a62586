package keygate.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sample that shows every key, with the lines that are out of use in it brought to life. */
final class Sample {
    static final Path FILE = Path.of("conf/keygate.yaml");

    private Sample() {}

    static String whole() throws IOException {
        return Files.readString(FILE).replaceAll("(?m)^( *)#\\| ", "$1");
    }
}
