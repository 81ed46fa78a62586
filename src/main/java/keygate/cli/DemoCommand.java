package keygate.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import keygate.accept.Time;
import keygate.demo.Demo;
import keygate.demo.Try;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the demo and says what to try. */
@Command(
        name = "demo",
        description = "Runs a gateway, an Unkey emulator with demo keys, and an upstream; needs no account.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--port", defaultValue = "8080", description = "The gateway's port: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--management-port", defaultValue = "9090", description = "Its management port: ${DEFAULT-VALUE}.")
    private int managementPort;

    @Option(names = "--emulator-port", defaultValue = "7070", description = "The emulator's port: ${DEFAULT-VALUE}.")
    private int emulatorPort;

    @Option(names = "--upstream-port", defaultValue = "3000", description = "The upstream's port: ${DEFAULT-VALUE}.")
    private int upstreamPort;

    @Override
    public Integer call() {
        Demo.Ports ports = new Demo.Ports(port, managementPort, emulatorPort, upstreamPort);
        return Lifetime.run(Duration.ZERO, vertx -> start(vertx, ports));
    }

    private Future<Supplier<Future<Void>>> start(Vertx vertx, Demo.Ports ports) {
        PrintWriter out = spec.commandLine().getOut();
        return Demo.start(vertx, ports, Time.system(), System.out).map(demo -> {
            out.println();
            demo.places().forEach(place -> out.println("  " + place));
            out.println();
            out.println("Paste any of these into another terminal; this one shows a log line per request.");
            for (Try attempt : demo.tries()) {
                out.println();
                out.println("  # " + attempt.about() + ": " + attempt.expected());
                out.println("  " + attempt.command());
            }
            out.println();
            out.println("Ctrl-C ends the demo.");
            out.println();
            out.flush();
            return demo::close;
        });
    }
}
