package keygate.cli.doctor;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import keygate.accept.Time;

/** Makes connections only to see that they can be made. Safe for every thread. */
final class Dial {
    private final NetClient client;
    private final Time time;

    Dial(Vertx vertx, Time time) {
        this.client = vertx.createNetClient(new NetClientOptions().setHostnameVerificationAlgorithm("HTTPS"));
        this.time = time;
    }

    /**
     * An encrypted connection that was made.
     *
     * @param version of TLS
     * @param spoken what ALPN chose, or empty
     * @param ends when the first certificate of the chain that was shown ends
     */
    record Encrypted(Duration took, String version, String spoken, String subject, Instant ends) {}

    /** How long a connection takes to stand. */
    Future<Duration> plain(SocketAddress address, Duration patience) {
        return connect(options(address, patience), patience, (socket, took) -> took);
    }

    /**
     * How an encrypted connection comes to stand.
     *
     * @param name what the other side is called, and its certificate must be for
     * @param askFor the name to ask for where it must be asked for, or empty
     */
    Future<Encrypted> encrypted(
            SocketAddress address, String name, String askFor, ClientSSLOptions tls, Duration patience) {
        ConnectOptions options = options(address, patience)
                .setHost(name)
                .setSsl(true)
                .setSslOptions(tls.setSslHandshakeTimeout(patience.toMillis())
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
        if (!askFor.isEmpty()) {
            options.setSniServerName(askFor);
        }
        return connect(options, patience.multipliedBy(2), Dial::described);
    }

    private static ConnectOptions options(SocketAddress address, Duration patience) {
        return new ConnectOptions()
                .setRemoteAddress(address)
                .setHost(address.host())
                .setPort(address.port())
                .setTimeout((int) Math.max(1, patience.toMillis()));
    }

    /** What is seen of a connection that took so long. */
    private interface Look<T> {
        T at(NetSocket socket, Duration took);
    }

    private <T> Future<T> connect(ConnectOptions options, Duration patience, Look<T> look) {
        long begun = time.nanos();
        return client.connect(options)
                .timeout(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS)
                .compose(socket -> {
                    socket.exceptionHandler(ignored -> {});
                    T seen = look.at(socket, time.since(begun));
                    return socket.close().transform(closed -> Future.succeededFuture(seen));
                });
    }

    private static Encrypted described(NetSocket socket, Duration took) {
        SSLSession session = socket.sslSession();
        String spoken = socket.applicationLayerProtocol();
        List<X509Certificate> chain = chain(session);
        Instant ends = chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        String subject = chain.isEmpty()
                ? "nobody"
                : chain.get(0).getSubjectX500Principal().getName().replaceAll("[^ -~]", "?");
        return new Encrypted(took, session.getProtocol(), spoken == null ? "" : spoken, subject, ends);
    }

    private static List<X509Certificate> chain(SSLSession session) {
        try {
            return List.of(session.getPeerCertificates()).stream()
                    .filter(X509Certificate.class::isInstance)
                    .map((Certificate certificate) -> (X509Certificate) certificate)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    Future<Void> close() {
        return client.close();
    }
}
