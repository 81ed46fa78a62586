package keygate.emulator.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A person or service that may own several keys.
 *
 * @param id its id
 * @param externalId the caller's own name for it
 * @param meta anything; never changed in place
 * @param limits rate limits shared by all its keys
 */
public record Identity(String id, String externalId, ObjectNode meta, List<Limit> limits) {
    /** Keeps the limits as they are now. */
    public Identity {
        limits = List.copyOf(limits);
    }
}
