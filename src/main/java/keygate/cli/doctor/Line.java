package keygate.cli.doctor;

import static keygate.cli.doctor.Doctor.await;
import static keygate.cli.doctor.Doctor.causeOf;
import static keygate.cli.doctor.Doctor.millis;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import keygate.accept.Time;

/** Sees whether connections to one address can be made, and tells so. */
final class Line {
    private static final Duration SOON = Duration.ofDays(14);

    private final String subject;
    private final Time time;
    private final Dial dial;
    private final Consumer<Finding> told;

    Line(String subject, Time time, Dial dial, Consumer<Finding> told) {
        this.subject = subject;
        this.time = time;
        this.dial = dial;
        this.told = told;
    }

    /** Whether a connection came to stand. */
    boolean connects(SocketAddress address, Duration patience) {
        try {
            Duration took = await(dial.plain(address, patience));
            told.accept(Finding.ok(subject, "connect", where(address) + " in " + millis(took)));
            return true;
        } catch (CompletionException e) {
            Trouble trouble = Trouble.of(causeOf(e));
            told.accept(Finding.fail(subject, "connect", where(address) + ": " + trouble.what(), trouble.mend()));
            return false;
        }
    }

    /**
     * Whether a handshake succeeded.
     *
     * @param spoken what ALPN must choose, or empty
     */
    boolean encrypts(
            SocketAddress address, String name, String askFor, ClientSSLOptions tls, String spoken, Duration patience) {
        try {
            Dial.Encrypted made = await(dial.encrypted(address, name, askFor, tls, patience));
            Duration left = Duration.between(Instant.ofEpochMilli(time.millis()), made.ends());
            String what = where(address) + " speaks " + made.version()
                    + (made.spoken().isEmpty() ? "" : " and " + made.spoken()) + ", the certificate of "
                    + made.subject() + " ends on "
                    + made.ends().atZone(ZoneOffset.UTC).toLocalDate() + ", in " + left.toDays() + " days";
            if (!spoken.isEmpty() && !spoken.equals(made.spoken())) {
                told.accept(
                        Finding.fail(subject, "tls", what + ", but not " + spoken, "write protocol: http1, or auto"));
                return false;
            }
            told.accept(
                    left.compareTo(SOON) < 0
                            ? Finding.warn(subject, "tls", what, "have it renewed there")
                            : Finding.ok(subject, "tls", what));
            return true;
        } catch (CompletionException e) {
            Trouble trouble = Trouble.of(causeOf(e));
            told.accept(Finding.fail(subject, "tls", where(address) + ": " + trouble.what(), trouble.mend()));
            return false;
        }
    }

    static String where(SocketAddress address) {
        return address.host() + ":" + address.port();
    }
}
