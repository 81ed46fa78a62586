package bench;

import bench.Verdicts.Verdict;
import java.util.concurrent.CompletableFuture;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Lets a request pass whose key is valid and within its limit, without the key and with its owner's id. */
@Component
public class KeyFilter implements GlobalFilter, Ordered {
    private static final String BEARER = "Bearer ";

    private final Verdicts verdicts;

    public KeyFilter(Verdicts verdicts) {
        this.verdicts = verdicts;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String header = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.startsWith(BEARER)) {
            return refuse(exchange, HttpStatus.UNAUTHORIZED);
        }
        CompletableFuture<Verdict> verdict = verdicts.of(header.substring(BEARER.length()));
        if (verdict.isDone() && !verdict.isCompletedExceptionally()) {
            return judged(verdict.join(), exchange, chain);
        }
        // A copy: whoever goes away must not cancel the call that others wait for.
        return Mono.fromFuture(verdict.copy()).flatMap(ready -> judged(ready, exchange, chain));
    }

    private static Mono<Void> judged(Verdict verdict, ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!verdict.valid()) {
            return refuse(exchange, HttpStatus.UNAUTHORIZED);
        }
        if (verdict.limit() != null) {
            long left = verdict.left().decrementAndGet();
            if (left < 0) {
                return refuse(exchange, HttpStatus.TOO_MANY_REQUESTS);
            }
            HttpHeaders headers = exchange.getResponse().getHeaders();
            headers.set("X-RateLimit-Limit", Long.toString(verdict.limit().limit()));
            headers.set("X-RateLimit-Remaining", Long.toString(left));
            headers.set("X-RateLimit-Reset", Long.toString(verdict.limit().reset()));
        }
        return chain.filter(exchange.mutate()
                .request(request -> request.headers(headers -> {
                    headers.remove(HttpHeaders.AUTHORIZATION);
                    headers.set("X-Unkey-Principal", "{\"keyId\":\"" + verdict.keyId() + "\"}");
                }))
                .build());
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status) {
        exchange.getResponse().setStatusCode(status);
        return exchange.getResponse().setComplete();
    }
}
