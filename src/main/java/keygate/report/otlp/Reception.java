package keygate.report.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a collector has taken something, and says in the log when it ceases to, and when it does again. Used on
 * one thread.
 */
public final class Reception {
    private final Logger log;
    private final String what;
    private final Duration timeout;
    private boolean troubled;

    /** @param what is sent, in the plural */
    public Reception(String what, Duration timeout) {
        this.log = LoggerFactory.getLogger("keygate." + what);
        this.what = what;
        this.timeout = timeout;
    }

    /** Whether it was taken in time. Blocks until then; an interrupt ends the wait, and stays set. */
    public boolean took(CompletableResultCode sending) {
        boolean taken = sending.join(timeout.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
        if (taken == troubled) {
            troubled = !taken;
            if (taken) {
                log.info("{} are delivered again", what);
            } else {
                log.atWarn()
                        .addKeyValue("detail", detail(sending))
                        .log("{} cannot be delivered: check telemetry.otlp", what);
            }
        }
        return taken;
    }

    private static String detail(CompletableResultCode sending) {
        Throwable failure = sending.getFailureThrowable();
        if (failure == null) {
            return "no answer in time";
        }
        Throwable cause = failure.getCause();
        return cause == null ? "the collector refuses them" : cause.toString();
    }
}
