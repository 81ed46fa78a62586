package keygate.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import keygate.emulator.rows.Api;
import keygate.emulator.rows.Identity;
import keygate.emulator.rows.KeyRow;
import keygate.emulator.rows.Limit;
import keygate.emulator.rows.RootKey;
import keygate.emulator.rows.Workspace;
import keygate.emulator.state.Ids;
import keygate.emulator.state.Store;
import org.jspecify.annotations.Nullable;

/**
 * Everything an emulated Unkey knows: workspaces, root keys, APIs, roles, identities and keys, with the credits and
 * rate-limit tokens they have left. Thread-safe; changes show at once, unless stale mode is on. Keys are named by their
 * plain text throughout, and only their hashes are kept.
 */
public final class World {
    /** The root key of every world that starts empty. */
    public static final String ROOT_KEY = "unkey_root_demo";

    /** The API of every world that starts empty. */
    public static final String API = "api_demo";

    private final InstantSource clock;
    private final Store store = new Store();
    private final Consumer<World> seed;

    private World(InstantSource clock, Consumer<World> seed) {
        this.clock = clock;
        this.seed = seed;
        seed.accept(this);
    }

    /** A workspace with {@link #ROOT_KEY}, which may do everything, and {@link #API}, which has no keys yet. */
    public static World empty(InstantSource clock) {
        return new World(clock, world -> {
            world.workspace("ws_demo");
            world.rootKey(ROOT_KEY, "api.*.verify_key", "api.*.read_key", "api.*.read_api");
            world.api(API);
        });
    }

    /**
     * Reads a world from a YAML file.
     *
     * @throws WorldException when the file has mistakes; it lists them all
     * @throws UncheckedIOException when the file cannot be read
     */
    public static World load(Path yaml, InstantSource clock) {
        try {
            return parse(Files.readString(yaml), yaml.toString(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a world from YAML text.
     *
     * @param sourceName what mistakes are reported against
     * @throws WorldException when the text has mistakes; it lists them all
     */
    public static World parse(String yaml, String sourceName, InstantSource clock) {
        Seed seed = Seed.read(yaml, sourceName);
        return new World(clock, seed::plant);
    }

    /** Begins a new key; it exists once {@link KeyDraft#add()} is called. */
    public KeyDraft key(String plainKey) {
        return new KeyDraft(this, plainKey, clock.millis());
    }

    /**
     * Begins a change of a key, which takes place when {@link KeyDraft#save()} is called.
     *
     * @throws IllegalArgumentException when there is no such key
     */
    public KeyDraft update(String plainKey) {
        return new KeyDraft(this, row(plainKey));
    }

    /** Disables a key. */
    public void disable(String plainKey) {
        update(plainKey).enabled(false).save();
    }

    /** Enables a key. */
    public void enable(String plainKey) {
        update(plainKey).enabled(true).save();
    }

    /** Deletes a key. */
    public void delete(String plainKey) {
        change(it -> it.tables().removeKey(row(plainKey)));
    }

    /** The id of a key, or empty when there is no such key. */
    public Optional<String> keyId(String plainKey) {
        return Optional.ofNullable(with(it -> it.tables().keyByHash(Ids.hash(plainKey))))
                .map(KeyRow::id);
    }

    /** The live balance of a key; empty when it is unlimited. */
    public OptionalLong credits(String plainKey) {
        Long balance = with(it -> it.balances().of(row(plainKey).id()));
        return balance == null ? OptionalLong.empty() : OptionalLong.of(balance);
    }

    /** All credits ever taken from a key. */
    public long spent(String plainKey) {
        return with(it -> it.balances().spent(row(plainKey).id()));
    }

    /**
     * All tokens ever taken under the name of a limit, by this key, or by all keys of its identity when the limit is
     * stored there and not on the key.
     */
    public long used(String plainKey, String limitName) {
        return with(it -> {
            KeyRow row = row(plainKey);
            Identity identity = it.tables().identityOf(row);
            boolean shared = identity != null && has(identity.limits(), limitName) && !has(row.limits(), limitName);
            return it.windows().taken(limitName, shared && identity != null ? identity.id() : row.id());
        });
    }

    /** Begins an identity, new or changed; it takes effect with {@link IdentityDraft#save()}. */
    public IdentityDraft identity(String externalId) {
        return new IdentityDraft(this, externalId);
    }

    /** Deletes an identity; its keys then have none. Returns whether there was one. */
    public boolean removeIdentity(String externalId) {
        return with(it -> it.tables().removeIdentity(externalId));
    }

    /** Says what a role grants. */
    public void role(String name, String... permissions) {
        change(it -> it.tables().role(name, List.of(permissions)));
    }

    /** Adds an API to the first workspace. */
    public void api(String apiId) {
        apiIn(firstWorkspace(), apiId);
    }

    /** Adds an API to a workspace. */
    public void apiIn(String workspaceId, String apiId) {
        put(new Api(apiId, workspaceId, Ids.derived("ks_", apiId), apiId, List.of()));
    }

    /** Replaces the client addresses that may use an API's keys; none allows all. */
    public void allowIps(String apiId, String... addresses) {
        Api api = requireNonNull(with(it -> it.tables().api(apiId)), "API");
        put(new Api(api.id(), api.workspaceId(), api.keyspaceId(), api.name(), List.of(addresses)));
    }

    /** Deletes an API; its keys are then not found. Returns whether there was one. */
    public boolean removeApi(String apiId) {
        return with(it -> it.tables().removeApi(apiId));
    }

    /** Adds a root key to the first workspace, or replaces its permissions. */
    public void rootKey(String plainKey, String... permissions) {
        rootKeyIn(firstWorkspace(), plainKey, permissions);
    }

    /** Adds a root key to a workspace. */
    public void rootKeyIn(String workspaceId, String plainKey, String... permissions) {
        put(new RootKey(Ids.hash(plainKey), workspaceId, List.of(permissions), true, null));
    }

    /** Enables or disables a root key, and says until when it may be used: epoch milliseconds, null for ever. */
    public void changeRootKey(String plainKey, boolean enabled, @Nullable Long expires) {
        RootKey old = requireNonNull(with(it -> it.tables().rootKey(Ids.hash(plainKey))), "root key");
        put(new RootKey(old.hash(), old.workspaceId(), old.permissions(), enabled, expires));
    }

    /** Deletes a root key. Returns whether there was one. */
    public boolean removeRootKey(String plainKey) {
        return with(it -> it.tables().removeRootKey(Ids.hash(plainKey)));
    }

    /** Adds a workspace that is enabled and has no limit. */
    public void workspace(String workspaceId) {
        put(new Workspace(workspaceId, true, null));
    }

    /** Changes the first workspace: whether it is enabled, and its API calls per minute, null for no limit. */
    public void changeWorkspace(boolean enabled, @Nullable Long requestsPerMinute) {
        put(new Workspace(firstWorkspace(), enabled, requestsPerMinute));
    }

    /** Deletes a workspace; its root keys are then answered with 404. Returns whether there was one. */
    public boolean removeWorkspace(String workspaceId) {
        return with(it -> it.tables().removeWorkspace(workspaceId));
    }

    /** Goes back to what this world was when it was made. */
    public void reset() {
        change(it -> {
            it.clear();
            seed.accept(this);
        });
    }

    /** The time of this world, without the clock offset that a fault may add. */
    public InstantSource clock() {
        return clock;
    }

    synchronized <T extends @Nullable Object> T with(Function<Store, T> work) {
        return work.apply(store);
    }

    synchronized void change(Consumer<Store> work) {
        work.accept(store);
    }

    void put(Api api) {
        change(it -> it.tables().put(api));
    }

    void put(RootKey rootKey) {
        change(it -> it.tables().put(rootKey));
    }

    void put(Workspace workspace) {
        change(it -> it.tables().put(workspace));
    }

    String firstWorkspace() {
        return first(with(it -> it.tables().workspaceIds()), "workspace");
    }

    String firstApi() {
        return first(with(it -> it.tables().apiIds()), "API");
    }

    private KeyRow row(String plainKey) {
        return requireNonNull(with(it -> it.tables().keyByHash(Ids.hash(plainKey))), "key");
    }

    private static String first(List<String> ids, String what) {
        if (ids.isEmpty()) {
            throw new IllegalStateException("there is no " + what);
        }
        return ids.get(0);
    }

    private static boolean has(List<Limit> limits, String name) {
        return limits.stream().anyMatch(limit -> limit.name().equals(name));
    }

    private static <T> T requireNonNull(@Nullable T row, String what) {
        if (row == null) {
            throw new IllegalArgumentException("there is no such " + what);
        }
        return row;
    }
}
