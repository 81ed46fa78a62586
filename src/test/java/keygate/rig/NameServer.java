package keygate.rig;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A DNS server that says what a test tells it to, over UDP, on a free port of this machine. */
public final class NameServer implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;
    private final Map<Question, List<Data>> records = new ConcurrentHashMap<>();
    private final List<Question> asked = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new CopyOnWriteArrayList<>();
    private volatile Mood mood = Mood.ANSWERING;

    public NameServer() {
        channel = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<NioDatagramChannel>() {
                    @Override
                    protected void initChannel(NioDatagramChannel opened) {
                        opened.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(),
                                        new DatagramDnsResponseEncoder(),
                                        new Answering());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    /** How it treats questions. */
    public enum Mood {
        ANSWERING,
        FAILING,
        SILENT,
        /** Answers when its mood changes. */
        HOLDING
    }

    /** What is asked for. */
    private record Question(String name, DnsRecordType type) {}

    /** One record. */
    private record Data(int ttl, String hex) {
        static Data of(int ttl, byte[] octets) {
            return new Data(ttl, HexFormat.of().formatHex(octets));
        }
    }

    /** Treats questions as the mood is. */
    private final class Answering extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            if (mood == Mood.HOLDING) {
                query.retain();
                held.add(() -> context.pipeline().fireChannelRead(query));
                return;
            }
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            asked.add(new Question(question.name(), question.type()));
            if (mood == Mood.SILENT) {
                return;
            }
            DatagramDnsResponse response = new DatagramDnsResponse(
                    query.recipient(), query.sender(), query.id(), query.opCode(), code(question));
            response.setAuthoritativeAnswer(true);
            response.addRecord(DnsSection.QUESTION, question);
            if (mood == Mood.ANSWERING) {
                for (Data data : records.getOrDefault(new Question(question.name(), question.type()), List.of())) {
                    response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(),
                                    question.type(),
                                    data.ttl,
                                    Unpooled.wrappedBuffer(HexFormat.of().parseHex(data.hex))));
                }
            }
            ChannelFuture unused = context.writeAndFlush(response);
        }

        private DnsResponseCode code(DnsQuestion question) {
            if (mood == Mood.FAILING) {
                return DnsResponseCode.SERVFAIL;
            }
            boolean known = records.keySet().stream().anyMatch(each -> each.name.equals(question.name()));
            return known ? DnsResponseCode.NOERROR : DnsResponseCode.NXDOMAIN;
        }
    }

    /** These are the IPv4 addresses of a name from now on. */
    public NameServer a(String name, int ttl, String... addresses) {
        return put(name, DnsRecordType.A, Stream.of(addresses).map(address -> Data.of(ttl, octets(address))));
    }

    /** These are the IPv6 addresses of a name from now on. */
    public NameServer aaaa(String name, int ttl, String... addresses) {
        return put(name, DnsRecordType.AAAA, Stream.of(addresses).map(address -> Data.of(ttl, octets(address))));
    }

    /** These are the records of a service from now on: each priority, weight, port and host. */
    public NameServer srv(String name, int ttl, String... entries) {
        return put(
                name, DnsRecordType.SRV, Stream.of(entries).map(entry -> Data.of(ttl, service(entry.split(" ", 4)))));
    }

    private NameServer put(String name, DnsRecordType type, Stream<Data> data) {
        records.put(new Question(name + ".", type), data.toList());
        return this;
    }

    /** There is no such name any more. */
    public void forget(String name) {
        records.keySet().removeIf(each -> each.name.equals(name + "."));
    }

    public void feel(Mood now) {
        mood = now;
        channel.eventLoop().execute(() -> {
            held.forEach(Runnable::run);
            held.clear();
        });
    }

    private static byte[] octets(String address) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(address);
        if (octets == null) {
            throw new IllegalArgumentException(address);
        }
        return octets;
    }

    private static byte[] service(String[] parts) {
        ByteBuf data = Unpooled.buffer();
        for (int i = 0; i < 3; i++) {
            data.writeShort(Integer.parseInt(parts[i]));
        }
        for (String label : parts[3].split("\\.", -1)) {
            data.writeByte(label.length());
            data.writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        data.writeByte(0);
        byte[] octets = new byte[data.readableBytes()];
        data.readBytes(octets);
        return octets;
    }

    /** How often a name was asked for, whatever the type. */
    public long asked(String name) {
        return asked.stream().filter(each -> each.name.equals(name + ".")).count();
    }

    /** How often anything was asked. */
    public int asked() {
        return asked.size();
    }

    /** Where it listens, as in {@code dns.servers}. */
    public String address() {
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        return "127.0.0.1:" + local.getPort();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
