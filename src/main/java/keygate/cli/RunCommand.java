package keygate.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import keygate.Keygate;
import keygate.accept.Time;
import keygate.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the gateway. Standard output is for log lines alone; what is said to a person goes to standard error. */
@Command(name = "run", description = "Runs the gateway until it is told to stop.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final Configuration configuration = new Configuration();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Settings settings = configuration.load(err);
        return settings == null
                ? Main.USAGE
                : Lifetime.run(settings.server().drain(), vertx -> start(vertx, settings, err));
    }

    private Future<Supplier<Future<Void>>> start(Vertx vertx, Settings settings, PrintWriter err) {
        return Keygate.start(vertx, settings, Time.system(), System.out).map(keygate -> {
            err.println("keygate listens on " + keygate.where());
            err.println("management on " + settings.management().host() + ":" + keygate.managementPort()
                    + "/ (a page; /livez /readyz /metrics /openapi.yaml)");
            Summary.routes(settings).forEach(err::println);
            err.flush();
            ConfigWatch watch =
                    new ConfigWatch(vertx, configuration.file(), System::getenv, keygate, configuration.fingerprint());
            Hangup.hear(watch::now);
            return () -> {
                watch.close();
                return keygate.close();
            };
        });
    }
}
