package keygate.proxy;

import java.util.List;
import keygate.accept.Header;
import keygate.accept.Headers;

/** What becomes of an upstream's answer on its way to the caller. */
public interface Edits {
    /** The fields of the head, given the upstream's. */
    List<Header> head(Headers upstream);

    /** The fields of an answer before the final one, given the upstream's. */
    List<Header> interim(Headers upstream);

    /** The trailers, given the upstream's. */
    List<Header> trailers(Headers upstream);
}
