package keygate.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import keygate.accept.Time;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.TlsStore;
import keygate.cli.audit.Audit;
import keygate.cli.audit.Findings;
import keygate.cli.audit.Progress;
import keygate.config.Settings;
import keygate.unkey.BackOff;
import keygate.unkey.Breaker;
import keygate.unkey.CallLog;
import keygate.unkey.KeyList;
import keygate.unkey.Skew;
import keygate.unkey.UnkeyApi;
import keygate.unkey.UnkeySettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says which of the keys that exist the routes of a configuration would refuse. */
@Command(
        name = "audit",
        description = "Says how many existing keys of an API each route would refuse, and why.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    private static final int PAGE = 100;
    private static final Duration LIST = Duration.ofSeconds(15);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final Configuration configuration = new Configuration();

    @Option(names = "--api", required = true, paramLabel = "ID", description = "The API whose keys are looked at.")
    @SuppressWarnings("NullAway.Init")
    private String api;

    @Option(names = "--json", description = "Says it as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Settings settings = configuration.load(err);
        if (settings == null) {
            return Main.USAGE;
        }
        Time time = Time.system();
        Skew skew = new Skew(time);
        Audit audit = new Audit(settings, () -> skew.unkeysTime().millis());
        Progress progress = new Progress(err, Ansi.AUTO.enabled());
        UnkeySettings unkey = settings.unkey().patient(LIST);
        try (Workshop workshop = new Workshop()) {
            walk(workshop.vertx(), unkey, time, skew, audit, progress)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            progress.end();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            err.println("Unkey could not be asked: " + KeyList.explain(cause, api, unkey));
            err.flush();
            return Main.FAILED;
        }
        progress.end();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Findings.json(api, audit));
        } else {
            Findings.table(api, audit).forEach(out::println);
        }
        out.flush();
        return 0;
    }

    private Future<Void> walk(Vertx vertx, UnkeySettings unkey, Time time, Skew skew, Audit audit, Progress progress) {
        ClientTls tls = unkey.tls();
        CallLog log = new CallLog(new SimpleMeterRegistry(), time);
        UnkeyApi client = new UnkeyApi(vertx, unkey, new BackOff(time), new Breaker(time), skew, log, time);
        KeyList list = new KeyList(client, PAGE);
        return TlsStore.open(vertx, time, tls == null ? List.of() : List.of(tls.files()))
                .compose(store -> {
                    if (tls != null) {
                        client.encrypt(tls, store.of(tls.files()));
                    }
                    return list.walk(api, page -> {
                        audit.add(page);
                        progress.at(audit.keys());
                    });
                });
    }
}
