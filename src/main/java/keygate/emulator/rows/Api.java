package keygate.emulator.rows;

import java.util.List;

/**
 * A set of keys with one owner.
 *
 * @param id its id
 * @param workspaceId whose it is
 * @param keyspaceId the id of its key space, as used in resource names
 * @param name what people call it
 * @param ipAllowList client addresses that may use its keys, compared as text; empty allows all
 */
public record Api(String id, String workspaceId, String keyspaceId, String name, List<String> ipAllowList) {
    /** Keeps the addresses as they are now. */
    public Api {
        ipAllowList = List.copyOf(ipAllowList);
    }
}
