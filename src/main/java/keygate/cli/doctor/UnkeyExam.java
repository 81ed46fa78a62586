package keygate.cli.doctor;

import static keygate.cli.doctor.Doctor.await;
import static keygate.cli.doctor.Doctor.causeOf;
import static keygate.cli.doctor.Doctor.millis;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import keygate.accept.Time;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.TlsStore;
import keygate.unkey.UnkeyProbe;
import keygate.unkey.UnkeyProbe.Probed;
import keygate.unkey.UnkeySettings;
import org.jspecify.annotations.Nullable;

/** Looks at Unkey: whether it is there, how far away, and what it thinks of the root key. */
final class UnkeyExam {
    private static final String SUBJECT = "unkey";
    private static final int CALLS = 5;
    private static final Duration LARGE_SKEW = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final UnkeySettings unkey;
    private final Time time;
    private final TlsStore tls;
    private final Consumer<Finding> told;
    private final Line line;

    UnkeyExam(Vertx vertx, UnkeySettings unkey, Time time, Dial dial, TlsStore tls, Consumer<Finding> told) {
        this.vertx = vertx;
        this.unkey = unkey;
        this.time = time;
        this.tls = tls;
        this.told = told;
        this.line = new Line(SUBJECT, time, dial, told);
    }

    void run() {
        SocketAddress address = address();
        if (address == null || !line.connects(address, unkey.connectTimeout()) || !encrypted(address)) {
            return;
        }
        ClientTls own = unkey.tls();
        UnkeyProbe probe = new UnkeyProbe(vertx, unkey, time, own == null ? null : tls.of(own.files()));
        try {
            Probed first = await(probe.ask());
            told.accept(RootKey.judge(first, unkey.canary() != null));
            clock(first);
            quota(first);
            if (first.status() == 200) {
                latency(probe);
            }
        } catch (CompletionException e) {
            told.accept(Finding.fail(
                    SUBJECT,
                    "answer",
                    String.valueOf(causeOf(e).getMessage()).replaceAll("[^ -~]", "?"),
                    "check that unkey.url is Unkey's API, and see https://status.unkey.com"));
        } finally {
            probe.close();
        }
    }

    private @Nullable SocketAddress address() {
        URI url = unkey.url();
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        long begun = time.nanos();
        try {
            String ip = await(((VertxInternal) vertx).nameResolver().resolve(host()))
                    .getHostAddress();
            told.accept(Finding.ok(SUBJECT, "dns", host() + " is " + ip + " (" + millis(time.since(begun)) + ")"));
            return SocketAddress.inetSocketAddress(port, ip);
        } catch (CompletionException e) {
            Trouble trouble = Trouble.of(causeOf(e));
            told.accept(Finding.fail(SUBJECT, "dns", host() + ": " + trouble.what(), trouble.mend()));
            return null;
        }
    }

    private String host() {
        String host = unkey.url().getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private boolean encrypted(SocketAddress address) {
        if (!"https".equalsIgnoreCase(unkey.url().getScheme())) {
            return true;
        }
        ClientTls own = unkey.tls();
        ClientSSLOptions options = own == null
                ? new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS")
                : own.options(tls.of(own.files()).current());
        return line.encrypts(address, host(), "", options, "", unkey.connectTimeout());
    }

    private void clock(Probed answer) {
        Duration ahead = answer.ahead();
        if (ahead == null) {
            told.accept(Finding.warn(
                    SUBJECT, "clock", "the answer has no date", "check that nothing between strips header fields"));
            return;
        }
        String what = ahead.isZero()
                ? "Unkey's clock and ours agree within a second"
                : String.format(
                        Locale.ROOT,
                        "Unkey's clock is %.1f s %s ours",
                        Math.abs(ahead.toMillis()) / 1000.0,
                        ahead.isNegative() ? "behind" : "ahead of");
        told.accept(
                ahead.abs().compareTo(LARGE_SKEW) > 0
                        ? Finding.warn(SUBJECT, "clock", what, "set this machine's clock, as with NTP")
                        : Finding.ok(SUBJECT, "clock", what));
    }

    private void quota(Probed answer) {
        UnkeyProbe.Quota quota = answer.quota();
        if (answer.status() == 429) {
            String again = quota == null ? "" : ", and may call again in " + quota.resetSeconds() + " s";
            told.accept(Finding.fail(
                    SUBJECT,
                    "quota",
                    "the workspace has used up its calls of this minute" + again,
                    "have the quota raised, or find who else calls Unkey with its root keys"));
        } else if (quota != null) {
            String what = quota.remaining() + " of " + quota.limit() + " calls are left in this minute";
            told.accept(
                    quota.remaining() * 5 < quota.limit()
                            ? Finding.warn(SUBJECT, "quota", what, "have the quota raised before it is used up")
                            : Finding.ok(SUBJECT, "quota", what));
        } else if (answer.status() == 200) {
            told.accept(Finding.ok(SUBJECT, "quota", "the workspace has no limit of calls in a minute"));
        }
    }

    private void latency(UnkeyProbe probe) {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            String what = "call " + (i + 1) + " of " + CALLS + ": ";
            try {
                Probed answer = await(probe.ask());
                if (answer.status() != 200) {
                    told.accept(Finding.warn(
                            SUBJECT, "latency", what + answer.detail(), "try again when Unkey answers steadily"));
                    return;
                }
                took.add(answer.took());
            } catch (CompletionException e) {
                told.accept(Finding.warn(
                        SUBJECT,
                        "latency",
                        what + causeOf(e).getMessage(),
                        "look at the network between, or raise unkey.timeout"));
                return;
            }
        }
        took.sort(Duration::compareTo);
        Duration worst = took.get(CALLS - 1);
        String what = "median " + millis(took.get(CALLS / 2)) + ", worst " + millis(worst) + " of " + CALLS + " calls";
        told.accept(
                worst.multipliedBy(2).compareTo(unkey.timeout()) > 0
                        ? Finding.warn(
                                SUBJECT,
                                "latency",
                                what + ", of " + unkey.timeout().toMillis() + " ms that they may take",
                                "raise unkey.timeout, or run the gateway nearer to Unkey")
                        : Finding.ok(SUBJECT, "latency", what));
    }
}
