package keygate.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import keygate.emulator.rows.Identity;
import keygate.emulator.rows.KeyRow;
import keygate.emulator.rows.Limit;
import keygate.emulator.state.Ids;
import keygate.emulator.state.Store;
import keygate.emulator.wire.Json;
import org.jspecify.annotations.Nullable;

/** A key being made or changed. Nothing happens before {@link #add()} or {@link #save()}. Not thread-safe. */
public final class KeyDraft {
    private final World world;
    private final String hash;
    private final String start;
    private final long createdAt;
    private final boolean isNew;
    private String id;
    private String apiId;
    private @Nullable String name;
    private boolean enabled = true;
    private @Nullable Long expires;
    private ObjectNode meta = Json.object();
    private List<String> permissions = List.of();
    private List<String> roles = List.of();
    private @Nullable String identityId;
    private @Nullable String externalId;
    private List<Limit> limits = new ArrayList<>();
    private @Nullable Long credits;
    private boolean creditsChanged;

    KeyDraft(World world, String plainKey, long now) {
        this.world = world;
        hash = Ids.hash(plainKey);
        start = Ids.start(plainKey);
        createdAt = now;
        isNew = true;
        id = Ids.derived("key_", hash);
        apiId = world.firstApi();
    }

    KeyDraft(World world, KeyRow row) {
        this.world = world;
        hash = row.hash();
        start = row.start();
        createdAt = row.createdAt();
        isNew = false;
        id = row.id();
        apiId = row.apiId();
        name = row.name();
        enabled = row.enabled();
        expires = row.expires();
        meta = row.meta();
        permissions = row.permissions();
        roles = row.roles();
        identityId = row.identityId();
        limits = new ArrayList<>(row.limits());
    }

    /** Chooses the id of a new key; without it the id follows from the key. */
    public KeyDraft keyId(String value) {
        id = value;
        return this;
    }

    /** The API the key belongs to; the first one unless given. */
    public KeyDraft api(String value) {
        apiId = value;
        return this;
    }

    /** What people call it; null for none. */
    public KeyDraft name(@Nullable String value) {
        name = value;
        return this;
    }

    /** Whether it may be used. */
    public KeyDraft enabled(boolean value) {
        enabled = value;
        return this;
    }

    /** When it expires; null for never. */
    public KeyDraft expires(@Nullable Instant value) {
        expires = value == null ? null : value.toEpochMilli();
        return this;
    }

    /** Its balance. */
    public KeyDraft credits(long value) {
        credits = value;
        creditsChanged = true;
        return this;
    }

    /** Takes its balance away: it may be used without limit. */
    public KeyDraft unlimited() {
        credits = null;
        creditsChanged = true;
        return this;
    }

    /** Any properties. */
    public KeyDraft meta(Map<String, ?> value) {
        return meta((ObjectNode) Json.tree(value));
    }

    KeyDraft meta(ObjectNode value) {
        meta = value.deepCopy();
        return this;
    }

    /** What it may do by itself, replacing what was there. */
    public KeyDraft permissions(String... values) {
        permissions = List.of(values);
        return this;
    }

    /** Its roles, replacing what was there. */
    public KeyDraft roles(String... values) {
        roles = List.of(values);
        return this;
    }

    /** Whose it is, by external id; an identity that does not exist is made. Null for nobody. */
    public KeyDraft identity(@Nullable String value) {
        externalId = value;
        identityId = null;
        return this;
    }

    /** Adds a rate limit of its own, or replaces the one with this name; the duration is in milliseconds. */
    public KeyDraft ratelimit(String limitName, long limit, long duration, boolean autoApply) {
        limits.removeIf(old -> old.name().equals(limitName));
        limits.add(new Limit(Ids.derived("rl_", hash + limitName), limitName, limit, duration, autoApply));
        return this;
    }

    /** Takes all its own rate limits away. */
    public KeyDraft withoutRatelimits() {
        limits.clear();
        return this;
    }

    /**
     * Adds the new key and returns its id.
     *
     * @throws IllegalStateException when the key or its id is there already
     */
    public String add() {
        return world.with(store -> {
            if (store.tables().keyByHash(hash) != null || store.tables().keyById(id) != null) {
                throw new IllegalStateException("the key is there already");
            }
            return write(store);
        });
    }

    /**
     * Saves the change and returns the key's id.
     *
     * @throws IllegalStateException when the key is new or was deleted meanwhile
     */
    public String save() {
        return world.with(store -> {
            if (isNew || store.tables().keyById(id) == null) {
                throw new IllegalStateException("there is no such key to change");
            }
            return write(store);
        });
    }

    private String write(Store store) {
        store.tables()
                .put(new KeyRow(
                        id,
                        hash,
                        start,
                        apiId,
                        name,
                        enabled,
                        expires,
                        meta,
                        permissions,
                        roles,
                        owner(store),
                        limits,
                        createdAt));
        if (creditsChanged || isNew) {
            store.balances().set(id, credits);
        }
        return id;
    }

    private @Nullable String owner(Store store) {
        String wanted = externalId;
        if (wanted == null) {
            return identityId;
        }
        Identity found = store.tables().identity(wanted);
        if (found != null) {
            return found.id();
        }
        return world.identity(wanted).save();
    }
}
