package keygate.cli.doctor;

import java.util.Locale;

/**
 * What one live check found.
 *
 * @param subject what was looked at: {@code unkey}, or {@code upstreams.} and a name
 * @param check what was checked, such as {@code dns}
 * @param measured what was seen; holds no secret
 * @param mend how to mend it; empty where all is well
 */
public record Finding(String subject, String check, Level level, String measured, String mend) {
    /** How bad it is. */
    public enum Level {
        OK,
        WARN,
        FAIL;

        /** As it is printed. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String subject, String check, String measured) {
        return new Finding(subject, check, Level.OK, measured, "");
    }

    static Finding warn(String subject, String check, String measured, String mend) {
        return new Finding(subject, check, Level.WARN, measured, mend);
    }

    static Finding fail(String subject, String check, String measured, String mend) {
        return new Finding(subject, check, Level.FAIL, measured, mend);
    }

    /** One line for a person. */
    @Override
    public String toString() {
        String what = String.format("%-4s  %s %s: %s", level.word(), subject, check, measured);
        return mend.isEmpty() ? what : what + "; " + mend;
    }
}
