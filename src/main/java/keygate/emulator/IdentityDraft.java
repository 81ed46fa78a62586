package keygate.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import keygate.emulator.rows.Identity;
import keygate.emulator.rows.Limit;
import keygate.emulator.state.Ids;
import keygate.emulator.wire.Json;

/** An identity being made or changed. Nothing happens before {@link #save()}. Not thread-safe. */
public final class IdentityDraft {
    private final World world;
    private final String externalId;
    private final List<Limit> limits = new ArrayList<>();
    private String id;
    private ObjectNode meta = Json.object();

    IdentityDraft(World world, String externalId) {
        this.world = world;
        this.externalId = externalId;
        id = Ids.derived("id_", externalId);
        Identity old = world.with(store -> store.tables().identity(externalId));
        if (old != null) {
            id = old.id();
            meta = old.meta();
            limits.addAll(old.limits());
        }
    }

    /** Chooses the id; without it the id follows from the external id. */
    public IdentityDraft id(String value) {
        id = value;
        return this;
    }

    /** Any properties, replacing what was there. */
    public IdentityDraft meta(Map<String, ?> value) {
        return meta((ObjectNode) Json.tree(value));
    }

    IdentityDraft meta(ObjectNode value) {
        meta = value.deepCopy();
        return this;
    }

    /** Adds a rate limit shared by all its keys, or replaces the one with this name; milliseconds. */
    public IdentityDraft ratelimit(String limitName, long limit, long duration, boolean autoApply) {
        limits.removeIf(old -> old.name().equals(limitName));
        limits.add(new Limit(Ids.derived("rl_", id + limitName), limitName, limit, duration, autoApply));
        return this;
    }

    /** Takes all its rate limits away. */
    public IdentityDraft withoutRatelimits() {
        limits.clear();
        return this;
    }

    /** Makes or changes the identity and returns its id. */
    public String save() {
        world.change(store -> store.tables().put(new Identity(id, externalId, meta, limits)));
        return id;
    }
}
