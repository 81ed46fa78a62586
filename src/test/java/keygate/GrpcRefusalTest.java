package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.Rig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gRPC client that the gateway refuses sees a status of gRPC, in a head that ends the stream. */
final class GrpcRefusalTest {
    private static final String ROUTES = "routes: [{path: /service/**, upstream: backend}]";

    @RegisterExtension
    private final Rig rig = new Rig();

    /** Messages that are empty. */
    private static final class Empty implements Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public String parse(InputStream stream) {
            return "";
        }
    }

    private Status call(String method, @Nullable String key) {
        return call(method, key, CallOptions.DEFAULT);
    }

    private Status call(String method, @Nullable String key, CallOptions options) {
        MethodDescriptor<String, String> descriptor = MethodDescriptor.<String, String>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .setRequestMarshaller(new Empty())
                .setResponseMarshaller(new Empty())
                .build();
        Metadata fields = new Metadata();
        if (key != null) {
            fields.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        }
        AtomicReference<Metadata> head = new AtomicReference<>();
        ManagedChannel channel = OkHttpChannelBuilder.forAddress(
                        "127.0.0.1", rig.keygate().port())
                .usePlaintext()
                .intercept(
                        MetadataUtils.newAttachHeadersInterceptor(fields),
                        MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()))
                .build();
        try {
            ClientCalls.blockingUnaryCall(channel, descriptor, options, "");
            return Status.OK;
        } catch (StatusRuntimeException refused) {
            assertThat(head.get()).as("a head of its own before the trailers").isNull();
            return refused.getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aRefusalIsOneHeadThatEndsTheStream() throws Exception {
        rig.start(ROUTES);
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            wire.request(1, true, "POST", "/service/m", "content-type", "application/grpc", "te", "trailers");
            Http2Stream answer = wire.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/grpc");
            assertThat(answer.header("grpc-status")).isEqualTo("16");
            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.body()).isEmpty();
        }
        assertThat(rig.log(1).get(0)).contains("\"reason\":\"key_missing\"");
    }

    @Test
    void aCallWithoutAKeyOrWithAWrongOneIsUnauthenticated() {
        rig.start(ROUTES);

        assertThat(call("service/m", null).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(call("service/m", "wrong").getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aCallForNoRouteIsUnimplemented() {
        rig.start(ROUTES);

        assertThat(call("other/m", null).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void aCallBeyondItsLimitIsExhausted() {
        rig.world().key("limited").ratelimit("few", 1, 60_000, true).add();
        rig.start(ROUTES);

        call("service/m", "limited");
        assertThat(call("service/m", "limited").getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void anUpstreamThatIsNotThereIsUnavailable() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        rig.start(
                "upstreams: {gone: {url: 'http://127.0.0.1:" + free + "', protocol: http2}}",
                "routes: [{path: /**, upstream: gone, auth: none}]");

        assertThat(call("service/m", null).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aDeadlineOfTheCallersOwnIsExceeded() {
        rig.backend().behave(request -> request.handler(piece -> {}));
        rig.start(
                "upstreams: {silent: {url: '@backend', protocol: http2}}",
                "routes: [{path: /**, upstream: silent, auth: none}]");

        Status own = call("service/m", null, CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS));

        assertThat(own.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }
}
