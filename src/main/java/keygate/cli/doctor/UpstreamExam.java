package keygate.cli.doctor;

import static keygate.cli.doctor.Doctor.await;
import static keygate.cli.doctor.Doctor.causeOf;
import static keygate.cli.doctor.Doctor.millis;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import keygate.accept.Time;
import keygate.accept.tls.ClientTls;
import keygate.accept.tls.TlsStore;
import keygate.proxy.Checkup;
import keygate.proxy.Upstream;

/** Looks at every place of one upstream: its name, its connections, and its health where it is asked for. */
final class UpstreamExam {
    private final Upstream upstream;
    private final String subject;
    private final Time time;
    private final TlsStore tls;
    private final Checkup checkup;
    private final Consumer<Finding> told;
    private final Line line;

    UpstreamExam(Upstream upstream, Time time, Dial dial, TlsStore tls, Checkup checkup, Consumer<Finding> told) {
        this.upstream = upstream;
        this.subject = "upstreams." + upstream.name();
        this.time = time;
        this.tls = tls;
        this.checkup = checkup;
        this.told = told;
        this.line = new Line(subject, time, dial, told);
    }

    void run() {
        for (Upstream.Target target : upstream.targets()) {
            for (SocketAddress address : places(target)) {
                SocketAddress greeted = checkup.greeted(upstream, address);
                boolean stands = line.connects(greeted, upstream.connectTimeout());
                if (stands && (!target.tls() || encrypted(target, greeted))) {
                    health(target, address);
                }
            }
        }
    }

    private List<SocketAddress> places(Upstream.Target target) {
        long begun = time.nanos();
        Checkup.Found found = await(checkup.find(target));
        String took = " (" + millis(time.since(begun)) + ")";
        String all = found.addresses().stream().map(Line::where).collect(Collectors.joining(", "));
        if (found.failure() != null) {
            Trouble trouble = Trouble.of(found.failure());
            told.accept(Finding.fail(subject, "dns", target + ": " + trouble.what(), trouble.mend()));
        } else if (found.addresses().isEmpty()) {
            told.accept(Finding.fail(
                    subject,
                    "dns",
                    target + " has no address" + took,
                    "check the name, and what the DNS servers in dns.servers or /etc/resolv.conf know"));
        } else {
            told.accept(Finding.ok(subject, "dns", target + " is " + all + took));
        }
        return found.addresses();
    }

    private boolean encrypted(Upstream.Target target, SocketAddress address) {
        ClientTls own = upstream.tls();
        ClientSSLOptions options = own == null
                ? new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS")
                : own.options(tls.of(own.files()).current());
        String askFor = own == null ? "" : own.serverName();
        String name = askFor.isEmpty() ? target.called() : askFor;
        List<String> offered =
                switch (upstream.protocol()) {
                    case HTTP1 -> List.of();
                    case HTTP2 -> List.of("h2");
                    case AUTO -> List.of("h2", "http/1.1");
                };
        options.setUseAlpn(!offered.isEmpty()).setApplicationLayerProtocols(offered);
        String needed = upstream.protocol() == Upstream.Protocol.HTTP2 ? "h2" : "";
        return line.encrypts(address, name, askFor, options, needed, upstream.connectTimeout());
    }

    private void health(Upstream.Target target, SocketAddress address) {
        Upstream.Health health = upstream.health();
        if (health == null) {
            return;
        }
        long begun = time.nanos();
        String what = Line.where(address) + health.path();
        try {
            await(checkup.health(upstream, health, target, address));
            told.accept(Finding.ok(subject, "health", what + " answers well in " + millis(time.since(begun))));
        } catch (CompletionException e) {
            told.accept(Finding.fail(
                    subject,
                    "health",
                    what + ": " + String.valueOf(causeOf(e).getMessage()).replaceAll("[^ -~]", "?"),
                    "see what the service says of itself, or correct the path and port of its health check"));
        }
    }
}
