package keygate.config;

/**
 * One mistake in a configuration file.
 *
 * @param file the file's name
 * @param line counted from 1
 * @param column counted from 1
 * @param path where in the settings, such as {@code routes[2].upstream}; empty for the whole file
 * @param problem what is wrong
 * @param mend how to mend it
 */
public record Fault(String file, int line, int column, String path, String problem, String mend) {
    @Override
    public String toString() {
        String where = file + ":" + line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ");
        return where + problem + (mend.isEmpty() ? "" : "; " + mend);
    }
}
