package keygate;

import static java.util.Objects.requireNonNull;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.io.OutputStream;
import java.util.Set;
import keygate.Journey.Court;
import keygate.accept.Arrival;
import keygate.accept.Ask;
import keygate.accept.Time;
import keygate.accept.tls.TlsStore;
import keygate.config.ConfigException;
import keygate.config.ConfigFile;
import keygate.config.Rule;
import keygate.config.Settings;
import keygate.identify.Credential;
import keygate.identify.Identify;
import keygate.judge.Judge;
import keygate.judge.Question;
import keygate.judge.Verdict;
import keygate.limit.Books;
import keygate.limit.Decision;
import keygate.report.AccessLog;
import keygate.report.LineWriter;
import keygate.report.Metrics;
import keygate.report.Recent;
import keygate.report.Report;
import keygate.report.Telemetry;

/**
 * The steps of one event loop, composed as the gateway composes them, and a request whose key is remembered. Unkey
 * answers at once, the log goes nowhere.
 */
public final class Parts implements AutoCloseable {
    private static final String KEY = "pets_3ZHfa8xqYxGgqNTSNHuvHuTT";
    private static final int LOG_QUEUE = 16_384;

    private final Vertx vertx = Vertx.vertx();
    private final Time time = Time.system();
    private final LineWriter lines = new LineWriter(OutputStream.nullOutputStream(), LOG_QUEUE);
    private final AccessLog log;
    private final Shared shared;
    private final Court court;
    private final Journey journey;
    private final Arrival arrival = arrival("/v1/service7/items/42?expand=owner");
    private final Ask ask;
    private final Rule rule;
    private final Credential credential;

    /**
     * Parts of a gateway with so many routes, at least 8.
     *
     * @param metered whether keys have a rate limit
     */
    public Parts(int routes, boolean metered) {
        Settings settings = settings(routes);
        this.log = new AccessLog(lines, new Recent(settings.management().recent()), time);
        TlsStore tls = TlsStore.open(vertx, time, Set.of()).await();
        Telemetry telemetry = Telemetry.start(settings.telemetry(), time);
        Metrics metrics = new Metrics(telemetry.registry());
        Report report = new Report(log, metrics, telemetry, settings.unkey().url());
        this.shared = Shared.of(settings, tls, new Books(), report, telemetry.registry(), time);
        ReadyUnkey unkey = new ReadyUnkey(metered);
        Judge judge = new Judge(shared.memory(), shared.strangers(), unkey, time, shared.limiter());
        this.court = new Court(judge, shared.limiter(), unkey);
        this.journey = new Journey(vertx, shared.door(), question -> court);
        this.ask = ask(arrival);
        this.rule = shared.plan().routes().find(ask);
        this.credential = requireNonNull(Identify.credential(ask, rule.identify()));
        // The first one asks Unkey, which is remembered.
        Question first = question();
        decision(first, verdict(first));
    }

    private static Settings settings(int routes) {
        StringBuilder text = new StringBuilder("""
                unkey: {rootKey: unkey_bench}
                verdicts: {fresh: 1h, stale: 1h}
                upstreams:
                  backend: {url: 'http://127.0.0.1:3000'}
                defaults: {upstream: backend}
                routes:
                """);
        for (int i = 0; i < routes; i++) {
            text.append("  - {name: r%d, path: '/v1/service%d/items/{id}'}%n".formatted(i, i));
        }
        try {
            return ConfigFile.parse("pieces", text.toString(), name -> null);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request as a client library sends it and Vert.x reads it. */
    static Arrival arrival(String target) {
        MultiMap fields = HttpHeaders.headers()
                .add("Host", "api.example.com")
                .add("Authorization", "Bearer " + KEY)
                .add("Accept", "application/json")
                .add("Accept-Encoding", "gzip, deflate")
                .add("User-Agent", "petstore-client/2.4.1")
                .add("Content-Type", "application/json");
        return new Arrival(null, HttpVersion.HTTP_1_1, "GET", null, null, target, fields, "203.0.113.7", false);
    }

    /** A request as the steps see it. */
    Ask ask(Arrival read) {
        return shared.door().accept(read, "kg_7q0w3ub6q4e8zt1m5n9x");
    }

    Shared shared() {
        return shared;
    }

    Journey journey() {
        return journey;
    }

    Arrival arrival() {
        return arrival;
    }

    public AccessLog log() {
        return log;
    }

    public Report report() {
        return shared.report();
    }

    public Time time() {
        return time;
    }

    public Ask ask() {
        return ask;
    }

    public Rule rule() {
        return rule;
    }

    public Credential credential() {
        return credential;
    }

    /** What the request asks about its key. */
    public Question question() {
        return Question.of(ask, credential, rule.judge());
    }

    /** What is remembered of the key. */
    public Verdict verdict(Question question) {
        return court.judge().verdict(question, rule.judge().trust()).join().orRefuse();
    }

    /** What the request may spend. */
    public Decision decision(Question question, Verdict verdict) {
        return court.limiter()
                .decide(question, verdict, rule.judge().trust(), rule.accounting(), court.source())
                .join();
    }

    @Override
    public void close() {
        lines.close();
        vertx.close().await();
    }
}
