package keygate.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import keygate.accept.CannotListen;
import keygate.emulator.Emulator;
import keygate.emulator.World;
import keygate.emulator.WorldException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the Unkey emulator by itself. */
@Command(
        name = "emulator",
        description = "Runs an offline Unkey API with the keys of a YAML file.",
        mixinStandardHelpOptions = true)
final class EmulatorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-k", "--keys"},
            required = true,
            paramLabel = "FILE",
            description = "Workspaces, root keys, APIs and keys; conf/emulator.yaml documents every key.")
    @SuppressWarnings("NullAway.Init")
    private Path keys;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "The address to bind: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String host;

    @Option(names = "--port", defaultValue = "7070", description = "The port to bind: ${DEFAULT-VALUE}.")
    private int port;

    @Override
    public Integer call() {
        World world;
        try {
            world = World.load(keys, InstantSource.system());
        } catch (WorldException e) {
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine().getErr().flush();
            return Main.USAGE;
        }
        return Lifetime.run(Duration.ZERO, vertx -> start(vertx, world));
    }

    private Future<Supplier<Future<Void>>> start(Vertx vertx, World world) {
        PrintWriter out = spec.commandLine().getOut();
        return CannotListen.explain(Emulator.start(vertx, world, host, port), host, port)
                .map(emulator -> {
                    out.println("unkey emulator listens on " + emulator.baseUrl());
                    out.flush();
                    return emulator::close;
                });
    }
}
