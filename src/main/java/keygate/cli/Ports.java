package keygate.cli;

import java.net.BindException;

/** Explains why something could not start. */
final class Ports {
    private Ports() {}

    static String explain(Throwable failure) {
        if (failure instanceof BindException) {
            return "cannot listen: " + failure.getMessage() + "; end what uses the port, or choose another one";
        }
        return "cannot start: " + failure;
    }
}
