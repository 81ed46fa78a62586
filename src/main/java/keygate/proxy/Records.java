package keygate.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks DNS servers for records, with the time that they hold. Remembers nothing. Lives on one event loop. */
final class Records implements AutoCloseable {
    private final ContextInternal context;
    private final DnsNameResolver resolver;

    /** Must be created on the event loop that will use it. */
    Records(Vertx vertx, DnsSettings settings) {
        this.context = (ContextInternal) vertx.getOrCreateContext();
        VertxInternal internal = (VertxInternal) vertx;
        EventLoop loop = context.nettyEventLoop();
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(internal.transport().datagramChannelFactory())
                // For answers that do not fit into a datagram.
                .socketChannelFactory(() -> (SocketChannel)
                        internal.transport().channelFactory(false).newChannel())
                // Another port for each lookup is harder to forge answers for, and nothing stays open.
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .queryTimeoutMillis(settings.timeout().toMillis())
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
        if (!settings.servers().isEmpty()) {
            DnsServerAddresses servers = DnsServerAddresses.sequential(settings.servers());
            builder.nameServerProvider(name -> servers.stream());
        }
        if (settings.search() != null) {
            builder.searchDomains(settings.search());
        }
        if (settings.ndots() != null) {
            builder.ndots(settings.ndots());
        }
        this.resolver = builder.build();
    }

    /** One record. The data is only good while it is read. */
    record Entry(ByteBuf data, long ttl) {}

    /**
     * What was answered.
     *
     * @param entries none where there are none
     * @param ttl seconds that all of them hold
     * @param failure why there was no answer, or null
     */
    record Answer<T>(List<T> entries, long ttl, @Nullable Throwable failure) {}

    /** A question without a dot at its end, unlike Netty's own: only so are the search domains looked through. */
    private record Question(String name, DnsRecordType type) implements DnsQuestion {
        @Override
        public int dnsClass() {
            return DnsRecord.CLASS_IN;
        }

        @Override
        public long timeToLive() {
            return 0;
        }
    }

    /** All records of a name. Never fails; a name that does not exist has none. */
    <T> io.vertx.core.Future<Answer<T>> all(String name, DnsRecordType type, Function<Entry, T> reader) {
        Promise<Answer<T>> answer = context.promise();
        resolver.resolveAll(new Question(name, type))
                .addListener((FutureListener<List<DnsRecord>>) done -> answer.complete(answer(done, type, reader)));
        return answer.future();
    }

    private static <T> Answer<T> answer(Future<List<DnsRecord>> done, DnsRecordType type, Function<Entry, T> reader) {
        if (!done.isSuccess()) {
            return new Answer<>(List.of(), 0, isAnswered(done.cause()) ? null : done.cause());
        }
        List<T> entries = new ArrayList<>();
        long ttl = Long.MAX_VALUE;
        try {
            for (DnsRecord each : done.getNow()) {
                if (each.type().equals(type) && each instanceof DnsRawRecord raw) {
                    entries.add(reader.apply(new Entry(raw.content(), raw.timeToLive())));
                    ttl = Math.min(ttl, raw.timeToLive());
                }
            }
            return new Answer<>(entries, ttl, null);
        } catch (RuntimeException malformed) {
            return new Answer<>(List.of(), 0, malformed);
        } finally {
            done.getNow().forEach(ReferenceCountUtil::release);
        }
    }

    /** Whether a server has said that there is no such name or record. */
    private static boolean isAnswered(Throwable failure) {
        boolean serverFailed = failure.getCause() instanceof DnsErrorCauseException error
                && !error.getCode().equals(DnsResponseCode.NXDOMAIN);
        return !serverFailed && !DnsNameResolver.isTransportOrTimeoutError(failure);
    }

    @Override
    public void close() {
        resolver.close();
    }
}
