package bench;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

/** What Unkey said about keys, remembered; many askers of one key cost one call. */
@Component
public class Verdicts {
    private final WebClient client;
    private final String rootKey;
    private final AsyncLoadingCache<String, Verdict> cache;

    public Verdicts(
            @Value("${bench.unkey}") String url,
            @Value("${bench.rootKey}") String rootKey,
            @Value("${bench.entries}") int entries,
            @Value("${bench.fresh}") Duration fresh,
            @Value("${bench.stale}") Duration stale) {
        this.client = WebClient.create(url);
        this.rootKey = rootKey;
        this.cache = Caffeine.newBuilder()
                .maximumSize(entries)
                .refreshAfterWrite(fresh)
                .expireAfterWrite(stale)
                .buildAsync((key, executor) -> ask(key));
    }

    /** The verdict on a key. */
    public CompletableFuture<Verdict> of(String key) {
        return cache.get(key);
    }

    private CompletableFuture<Verdict> ask(String key) {
        return client.post()
                .uri("/v2/keys.verifyKey")
                .header("Authorization", "Bearer " + rootKey)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("key", key))
                .retrieve()
                .bodyToMono(Answer.class)
                .map(answer -> Verdict.of(answer.data()))
                .toFuture();
    }

    record Answer(Data data) {}

    record Data(boolean valid, String keyId, List<Limit> ratelimits) {}

    record Limit(String name, long limit, long remaining, long reset) {}

    /** Whether a key is valid, whose it is, and what is left of its limit, if it has one. */
    record Verdict(boolean valid, String keyId, Limit limit, AtomicLong left) {
        static Verdict of(Data data) {
            Limit limit = data.ratelimits() == null || data.ratelimits().isEmpty()
                    ? null
                    : data.ratelimits().get(0);
            return new Verdict(
                    data.valid(), data.keyId(), limit, limit == null ? null : new AtomicLong(limit.remaining()));
        }
    }
}
