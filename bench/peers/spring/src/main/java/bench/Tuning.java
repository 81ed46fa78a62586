package bench;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Large pieces of bodies, as the other Java peers have them. */
@Configuration
class Tuning {
    private static final int CHUNK = 65_536;

    @Bean
    NettyServerCustomizer serverChunks() {
        return server -> server.httpRequestDecoder(decoder -> decoder.maxChunkSize(CHUNK));
    }

    @Bean
    HttpClientCustomizer clientChunks() {
        return client -> client.httpResponseDecoder(decoder -> decoder.maxChunkSize(CHUNK));
    }
}
