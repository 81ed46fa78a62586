package keygate.proxy;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import keygate.accept.Header;
import keygate.accept.Headers;

/** Vert.x' fields and ours. */
final class Fields {
    private Fields() {}

    static Headers of(MultiMap fields) {
        List<Header> headers = new ArrayList<>(16);
        for (Map.Entry<String, String> field : fields) {
            headers.add(new Header(field.getKey(), field.getValue()));
        }
        return new Headers(headers);
    }

    static MultiMap to(List<Header> headers) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        headers.forEach(field -> fields.add(field.name(), field.value()));
        return fields;
    }
}
