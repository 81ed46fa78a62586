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

    /**
     * Gives every page in turn to the consumer; completes when the last one was given. Fails where Unkey could not be
     * asked; {@link #explain} says why.
     */
    public Future<Void> walk(String apiId, Consumer<List<ListedKey>> page) {
        return api.pages(Operation.LIST_KEYS, cursor -> body(apiId, cursor), page);
    }

    /** Why a walk failed and how to mend it, for an operator. */
    public static String explain(Throwable failure, String apiId, UnkeySettings settings) {
        String type = failure instanceof CallFailed failed ? String.valueOf(failed.type()) : "";
        String words = settings.plain(failure.getMessage());
        return switch (type) {
            case "forbidden", "insufficient_permissions" ->
                "the root key may not list keys (" + words + "); give it api.*.read_key and api.*.read_api, or api."
                        + apiId + ".read_key and api." + apiId + ".read_api";
            case "api_not_found" ->
                "the root key's workspace has no API " + apiId + " (" + words + "); check the id in Unkey's dashboard";
            case "key_not_found" -> "Unkey does not know the root key (" + words + "); check unkey.rootKey";
            default -> words + "; 'keygate doctor' tells more";
        };
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
