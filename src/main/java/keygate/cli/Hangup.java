package keygate.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Hears SIGHUP. Java has it in a class that is exported for this use and that compilers warn of all the same, so it is
 * called by name (JEP 260).
 */
final class Hangup {
    private static final String SIGNAL = "sun.misc.Signal";

    private Hangup() {}

    /** Runs the action on each SIGHUP, on a thread of its own; does nothing where there is no such signal. */
    static void hear(Runnable action) {
        try {
            Class<?> signal = Class.forName(SIGNAL);
            Class<?> handler = Class.forName(SIGNAL + "Handler");
            Object heard = Proxy.newProxyInstance(
                    Hangup.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), heard);
        } catch (InvocationTargetException e) {
            // There is none on this system, or the virtual machine was told to leave signals alone.
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this Java has no " + SIGNAL, e);
        }
    }
}
