package keygate.proxy;

import io.vertx.core.http.HttpClientResponse;
import keygate.accept.Headers;

/**
 * What an upstream has answered, as it arrives.
 *
 * @param from is not read yet, but for its head
 * @param fields those of the head, in order
 */
record Answer(HttpClientResponse from, Headers fields) {
    static Answer of(HttpClientResponse from) {
        return new Answer(from, Fields.of(from.headers()));
    }

    int status() {
        return from.statusCode();
    }
}
