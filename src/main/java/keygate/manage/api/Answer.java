package keygate.manage.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answers.
 *
 * @param page where the rest is, for lists; null for all else
 */
public record Answer(JsonNode data, @Nullable Page page) {
    static Answer of(JsonNode data) {
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
        return new Answer(Json.list(shown, json), new Page(more ? cursor.apply(shown.get(shown.size() - 1)) : null));
    }

    /** The whole answer: {@code {"meta":{"requestId"},"data":...,"pagination":{"cursor","hasMore"}}}. */
    public ObjectNode envelope(String requestId) {
        ObjectNode root = Json.object();
        root.putObject("meta").put("requestId", requestId);
        root.set("data", data);
        if (page != null) {
            ObjectNode pagination = root.putObject("pagination");
            Json.put(pagination, "cursor", page.cursor());
            pagination.put("hasMore", page.cursor() != null);
        }
        return root;
    }
}
