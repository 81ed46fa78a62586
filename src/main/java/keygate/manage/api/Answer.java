package keygate.manage.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answers.
 *
 * @param data may come later, when what it waits for has ended
 * @param page where the rest is, for lists; null for all else
 */
public record Answer(
        CompletionStage<? extends JsonNode> data, @Nullable Page page) {
    static Answer of(JsonNode data) {
        return later(CompletableFuture.completedFuture(data));
    }

    static Answer later(CompletionStage<? extends JsonNode> data) {
        return new Answer(data, null);
    }

    /**
     * Where the rest of a list is.
     *
     * @param cursor what to send for the next page; null on the last one
     */
    public record Page(@Nullable String cursor) {}

    /**
     * A page of a list.
     *
     * @param found the page, and one more where there are more
     * @param most how many are on a page
     * @param json makes an item
     * @param cursor makes what stands for the place of an item
     */
    static <T> Answer page(List<T> found, int most, Function<T, ObjectNode> json, Function<T, String> cursor) {
        List<T> shown = found.subList(0, Math.min(most, found.size()));
        boolean more = found.size() > shown.size();
        return new Answer(
                CompletableFuture.completedFuture(Json.list(shown, json)),
                new Page(more ? cursor.apply(shown.get(shown.size() - 1)) : null));
    }

    /** The whole answer: {@code {"meta":{"requestId"},"data":...,"pagination":{"cursor","hasMore"}}}. */
    public CompletionStage<ObjectNode> envelope(String requestId) {
        return data.thenApply(json -> envelope(requestId, json));
    }

    private ObjectNode envelope(String requestId, JsonNode json) {
        ObjectNode root = Json.object();
        root.putObject("meta").put("requestId", requestId);
        root.set("data", json);
        if (page != null) {
            ObjectNode pagination = root.putObject("pagination");
            Json.put(pagination, "cursor", page.cursor());
            pagination.put("hasMore", page.cursor() != null);
        }
        return root;
    }
}
