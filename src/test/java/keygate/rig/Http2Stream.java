package keygate.rig;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What came back on one stream of HTTP/2. */
public final class Http2Stream {
    final List<Integer> interim = new ArrayList<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    Map<String, String> headers = Map.of();
    Map<String, String> trailers = Map.of();
    boolean ended;
    long reset = -1;

    /** The final status; 0 where none came. */
    public int status() {
        return Integer.parseInt(headers.getOrDefault(":status", "0"));
    }

    public List<Integer> interim() {
        return interim;
    }

    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    public String trailer(String name) {
        return trailers.getOrDefault(name, "");
    }

    public String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Whether END_STREAM came. */
    public boolean isWhole() {
        return ended;
    }

    /** The code of the RST_STREAM that came; -1 where none did. */
    public long reset() {
        return reset;
    }

    boolean isOver() {
        return ended || reset >= 0;
    }
}
