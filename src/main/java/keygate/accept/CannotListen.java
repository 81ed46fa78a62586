package keygate.accept;

import io.vertx.core.Future;

/** A listener that could not be started, and where it was to listen. */
public final class CannotListen extends RuntimeException {
    CannotListen(String where, String why) {
        super("cannot listen on " + where + ": " + why);
    }

    private CannotListen(String where, Throwable cause) {
        super("cannot listen on " + where + ": " + why(cause), cause);
    }

    /** A listener's start that fails, if it does, with the address in its message. */
    public static <T> Future<T> explain(Future<T> listening, String host, int port) {
        return explain(listening, host + ":" + port);
    }

    /** The same, for any kind of address. */
    public static <T> Future<T> explain(Future<T> listening, String where) {
        return listening.recover(cause -> Future.failedFuture(new CannotListen(where, cause)));
    }

    private static String why(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        if (said.contains("already in use")) {
            return "the port is already in use; end what uses it, or choose another one";
        }
        if (said.contains("assign requested address")) {
            return "this machine has no such address; correct the host";
        }
        return said;
    }
}
