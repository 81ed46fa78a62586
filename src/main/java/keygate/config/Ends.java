package keygate.config;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import keygate.accept.tls.FlawedFile;
import keygate.accept.tls.PemFile;
import org.jspecify.annotations.Nullable;

/** Warns of certificates whose time is over, or soon will be. */
final class Ends {
    /** Those that live shorter are renewed later: for them a quarter of their life counts. */
    private static final Duration SOON = Duration.ofDays(14);

    private final Instant now;

    Ends(Instant now) {
        this.now = now;
    }

    /** Reads the file that a field names, again. Blocks. */
    void check(Field field, @Nullable Path file) {
        if (file == null) {
            return;
        }
        try {
            PemFile.read(file).certificates().forEach(certificate -> check(field, certificate));
        } catch (FlawedFile e) {
            // It was read a moment ago; whatever became of it is found when it is used.
            field.warn(e.problem(), e.mend());
        }
    }

    private void check(Field field, X509Certificate certificate) {
        Instant ends = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(now, ends);
        Duration life = Duration.between(certificate.getNotBefore().toInstant(), ends);
        Duration soon = SOON.compareTo(life.dividedBy(4)) < 0 ? SOON : life.dividedBy(4);
        if (left.compareTo(soon) < 0) {
            String when = ends.atZone(ZoneOffset.UTC).toLocalDate().toString();
            field.warn(
                    "the certificate of "
                            + certificate.getSubjectX500Principal().getName()
                            + (left.isNegative() ? " ended on " : " ends on ") + when,
                    "renew it; a new file is taken up without a restart");
        }
    }
}
