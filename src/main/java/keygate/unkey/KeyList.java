package keygate.unkey;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks all keys of an API, for tools. */
public final class KeyList {
    private final UnkeyApi api;
    private final int pageSize;

    /** A list read in pages of at most 100 keys, Unkey's own bound. */
    public KeyList(UnkeyApi api, int pageSize) {
        this.api = api;
        this.pageSize = Math.min(pageSize, 100);
    }

    /** Gives every page in turn to the consumer; completes when the last one was given. */
    public Future<Void> walk(String apiId, Consumer<List<ListedKey>> page) {
        return api.pages(Operation.LIST_KEYS, cursor -> body(apiId, cursor), page);
    }

    private Buffer body(String apiId, @Nullable String cursor) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("apiId", apiId);
            json.writeNumberField("limit", pageSize);
            if (cursor != null) {
                json.writeStringField("cursor", cursor);
            }
            json.writeEndObject();
        });
    }
}
