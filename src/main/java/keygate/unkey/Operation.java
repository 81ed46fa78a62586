package keygate.unkey;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;

/**
 * One operation of Unkey's API: a noun and a verb, and the type of its answer.
 *
 * @param name {@code noun.verb}, the last part of its path
 * @param answer the type of the whole envelope
 */
record Operation<T>(String name, TypeReference<Envelope<T>> answer) {
    static final Operation<VerifyKeyData> VERIFY_KEY = new Operation<>("keys.verifyKey", new TypeReference<>() {});
    static final Operation<List<ListedKey>> LIST_KEYS = new Operation<>("apis.listKeys", new TypeReference<>() {});

    String path() {
        return "/v2/" + name;
    }
}
