package keygate.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out where targets run: in the hosts file, else by DNS. Lives on one event loop. */
final class Names implements AutoCloseable {
    /** What the records of a service without weights count beside those with weights: next to nothing (RFC 2782). */
    private static final double NO_WEIGHT = 0.01;

    private static final long REMEMBERED = 10_000;

    private final DefaultHostsFileEntriesResolver hosts = new DefaultHostsFileEntriesResolver();
    private final Records records;
    private final List<DnsRecordType> families;
    /** What a name had last, for when its next lookup fails. */
    private final Cache<Question, List<InetAddress>> last =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** Must be created on the event loop that will use it. */
    Names(Vertx vertx, DnsSettings settings) {
        this.records = new Records(vertx, settings);
        this.families = Families.of(settings.families());
    }

    /**
     * What a lookup found.
     *
     * @param places none where there are none
     * @param ttlSeconds how long this holds; none where it does not change
     * @param failure why this is not the whole truth, or null
     */
    record Found(
            List<Place> places,
            @Nullable Long ttlSeconds,
            @Nullable Throwable failure) {}

    /** The addresses of a name. */
    private record Addresses(
            Set<InetAddress> all,
            @Nullable Long ttl,
            @Nullable Throwable failure) {}

    /** What was asked for. */
    private record Question(String name, DnsRecordType type) {}

    /** One record of a service. */
    private record Service(int priority, int weight, int port, String host, long ttl) {
        static Service of(Records.Entry entry) {
            ByteBuf data = entry.data();
            int priority = data.readUnsignedShort();
            int weight = data.readUnsignedShort();
            int port = data.readUnsignedShort();
            return new Service(priority, weight, port, DefaultDnsRecordDecoder.decodeName(data), entry.ttl());
        }
    }

    /** Where a target runs. Never fails. */
    Future<Found> find(Upstream.Target target) {
        return target.isService()
                ? service(target.service())
                : addresses(target.host())
                        .map(found -> new Found(places(found.all, target.port(), 0, 1), found.ttl, found.failure));
    }

    private static List<Place> places(Set<InetAddress> addresses, int port, int priority, double weight) {
        return addresses.stream()
                .map(address -> Place.of(NetUtil.toAddressString(address), port))
                .map(place -> new Place(place.address(), priority, weight / addresses.size()))
                .toList();
    }

    private Future<Found> service(String name) {
        return records.all(name, DnsRecordType.SRV, Service::of).compose(answer -> {
            List<Service> services = answer.entries().stream()
                    // A single dot says that the service is decidedly not there (RFC 2782).
                    .filter(service -> !service.host.equals("."))
                    .toList();
            List<Future<Addresses>> hosts =
                    services.stream().map(service -> addresses(service.host)).toList();
            return Future.join(hosts)
                    .transform(done -> Future.succeededFuture(
                            found(services, hosts.stream().map(Future::result).toList(), answer.failure())));
        });
    }

    private static Found found(List<Service> services, List<Addresses> hosts, @Nullable Throwable failure) {
        Map<SocketAddress, Place> places = new LinkedHashMap<>();
        Long ttl = null;
        Throwable failed = failure;
        for (int i = 0; i < services.size(); i++) {
            Service service = services.get(i);
            Addresses addresses = hosts.get(i);
            double weight = service.weight == 0 ? NO_WEIGHT : service.weight;
            places(addresses.all, service.port, service.priority, weight)
                    .forEach(place -> places.putIfAbsent(place.address(), place));
            ttl = least(ttl, least(service.ttl, addresses.ttl));
            failed = failed == null ? addresses.failure : failed;
        }
        return new Found(List.copyOf(places.values()), ttl == null ? Long.valueOf(0) : ttl, failed);
    }

    private Future<Addresses> addresses(String host) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return Future.succeededFuture(new Addresses(Set.of(address(host)), null, null));
        }
        Set<InetAddress> listed = listed(host);
        return listed.isEmpty() ? byDns(host) : Future.succeededFuture(new Addresses(listed, null, null));
    }

    /** What the hosts file says; IPv4 alone where there is any, as services on this machine often listen there only. */
    private Set<InetAddress> listed(String host) {
        List<InetAddress> found = hosts.addresses(host, ResolvedAddressTypes.IPV4_PREFERRED);
        if (found != null && !found.isEmpty()) {
            boolean ipv4 = found.stream().anyMatch(Inet4Address.class::isInstance);
            Set<InetAddress> kept = new LinkedHashSet<>(found);
            kept.removeIf(address -> ipv4 && !(address instanceof Inet4Address));
            return kept;
        }
        String name = host.toLowerCase(Locale.ROOT);
        // Never asked of DNS (RFC 6761, 6.3).
        return name.equals("localhost") || name.endsWith(".localhost") ? Set.of(NetUtil.LOCALHOST4) : Set.of();
    }

    private Future<Addresses> byDns(String host) {
        List<Future<Addresses>> asked = families.stream()
                .map(type -> records.all(host, type, Names::address)
                        .map(answer -> remembered(new Question(host, type), answer)))
                .toList();
        return Future.join(asked).map(done -> {
            Set<InetAddress> all = new LinkedHashSet<>();
            Long ttl = null;
            Throwable failure = null;
            for (Future<Addresses> each : asked) {
                all.addAll(each.result().all);
                ttl = least(ttl, each.result().ttl);
                failure = failure == null ? each.result().failure : failure;
            }
            return new Addresses(all, ttl == null ? Long.valueOf(0) : ttl, failure);
        });
    }

    /** A failed lookup takes nothing away that an earlier one had found. */
    private Addresses remembered(Question question, Records.Answer<InetAddress> answer) {
        Throwable failure = answer.failure();
        if (failure != null) {
            List<InetAddress> before = last.getIfPresent(question);
            return new Addresses(new LinkedHashSet<>(before == null ? List.of() : before), 0L, failure);
        }
        last.put(question, answer.entries());
        return new Addresses(
                new LinkedHashSet<>(answer.entries()), answer.entries().isEmpty() ? null : answer.ttl(), null);
    }

    private static InetAddress address(Records.Entry entry) {
        byte[] octets = new byte[entry.data().readableBytes()];
        entry.data().readBytes(octets);
        return address(octets);
    }

    private static InetAddress address(String literal) {
        return address(NetUtil.createByteArrayFromIpAddressString(literal));
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + octets.length + " octets", e);
        }
    }

    private static @Nullable Long least(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : other == null ? one : Long.valueOf(Math.min(one, other));
    }

    @Override
    public void close() {
        records.close();
    }
}
