package keygate.unkey;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every answer of Unkey's API is wrapped in. Fields that are not named here are ignored.
 *
 * @param <T> what the operation answers
 * @param data set on success
 * @param pagination set by operations that list
 * @param error set on failure
 */
record Envelope<T>(
        @Nullable Meta meta,
        @Nullable T data,
        @Nullable Pagination pagination,
        @Nullable ApiError error) {
    /** Unkey's id of the call, or null. */
    @Nullable
    String requestId() {
        return meta == null ? null : meta.requestId();
    }

    /** About the call itself. */
    record Meta(@Nullable String requestId) {}

    /**
     * Where a list goes on.
     *
     * @param cursor what to ask the next page with; null on the last one
     */
    record Pagination(@Nullable String cursor, boolean hasMore) {}

    /** What went wrong. Branch on status and type: the texts are for people. */
    record ApiError(
            @Nullable String title,
            @Nullable String detail,
            int status,
            @Nullable String type,
            @Nullable List<Finding> errors) {}

    /** One mistake of a request. */
    record Finding(
            @Nullable String location,
            @Nullable String message,
            @Nullable String fix) {}
}
