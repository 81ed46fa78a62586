package keygate.proxy;

import io.vertx.core.Future;
import keygate.accept.Refusal;

/** A stream's leave to go on, asked for again and again while it lives. */
@FunctionalInterface
public interface Permit {
    /** For requests without a key: there is nothing to judge again. */
    Permit LASTING = units -> Future.succeededFuture();

    /**
     * Judges the key again and charges it. Fails with a {@link Refusal} where the stream must end.
     *
     * @param units how many further requests the stream counts as since the last time; may be 0
     */
    Future<Void> renew(long units);
}
