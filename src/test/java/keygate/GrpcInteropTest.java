package keygate;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingServerBuilder;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import keygate.rig.Rig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;

/**
 * Every case of gRPC's own interoperability suite that is about the wire passes through the gateway as it does without it. Client and server
 * are gRPC's, on OkHttp, which shares no code with the gateway's HTTP/2.
 */
final class GrpcInteropTest {
    /** The first looks at the addresses of ends that face each other, the second at OpenCensus, which neither has. */
    private static final Set<String> NOT_OF_PROXIES =
            Set.of("getServerAddressAndLocalAddressFromClient", "censusContextsPropagated");

    @RegisterExtension
    private final Rig rig = new Rig();

    private static @Nullable Rig current;

    static Stream<String> cases() {
        return Arrays.stream(AbstractInteropTest.class.getMethods())
                .filter(method -> method.isAnnotationPresent(org.junit.Test.class))
                .map(Method::getName)
                .filter(name -> !NOT_OF_PROXIES.contains(name))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Timeout(value = 90, unit = TimeUnit.SECONDS)
    void passesThrough(String name) {
        rig.world().key("good").add();
        rig.clock().run();
        current = rig;

        Result result = new JUnitCore().run(Request.method(ThroughKeygate.class, name));

        assertThat(result.getFailures().stream().map(Failure::getTrace)).isEmpty();
        assertThat(result.getRunCount()).isEqualTo(1);
        assertThat(result.getIgnoreCount()).as("ignored").isZero();
        assertThat(result.getAssumptionFailureCount())
                .as("skipped by assumption")
                .isZero();
    }

    /** The suite with a gateway between its client and its server. */
    public static final class ThroughKeygate extends AbstractInteropTest {
        private @Nullable Server server;
        private @Nullable Keygate keygate;

        @Override
        protected ServerBuilder<?> getServerBuilder() {
            ServerBuilder<?> real = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                    .flowControlWindow(TEST_FLOW_CONTROL_WINDOW)
                    .maxInboundMessageSize(MAX_MESSAGE_SIZE);
            return new Captured(real);
        }

        /** Keeps the server that is built, because the suite does not tell its port. */
        private final class Captured extends ForwardingServerBuilder<Captured> {
            private final ServerBuilder<?> real;

            Captured(ServerBuilder<?> real) {
                this.real = real;
            }

            @Override
            protected ServerBuilder<?> delegate() {
                return real;
            }

            @Override
            public Server build() {
                Server built = super.build();
                server = built;
                return built;
            }
        }

        @Override
        protected ManagedChannelBuilder<?> createChannelBuilder() {
            if (current == null || server == null) {
                throw new IllegalStateException("the server is started first");
            }
            if (keygate == null) {
                keygate = current.start(
                                "upstreams: {grpc: {url: 'http://127.0.0.1:" + server.getPort()
                                        + "', protocol: http2}}",
                                "routes: [{path: /**, upstream: grpc}]")
                        .keygate();
            }
            return OkHttpChannelBuilder.forAddress("127.0.0.1", keygate.port())
                    .usePlaintext()
                    .intercept(new WithKey())
                    .flowControlWindow(TEST_FLOW_CONTROL_WINDOW)
                    .maxInboundMessageSize(MAX_MESSAGE_SIZE);
        }

        @Override
        protected boolean metricsExpected() {
            return false;
        }
    }

    /** Presents a key with every call. */
    private static final class WithKey implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer good");
                    super.start(listener, headers);
                }
            };
        }
    }
}
