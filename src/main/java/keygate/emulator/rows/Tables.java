package keygate.emulator.rows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows themselves. Every change raises {@link #version()}. */
public final class Tables {
    private final Map<String, Workspace> workspaces = new LinkedHashMap<>();
    private final Map<String, RootKey> rootKeys = new HashMap<>();
    private final Map<String, Api> apis = new LinkedHashMap<>();
    private final Map<String, List<String>> roles = new HashMap<>();
    private final Map<String, Identity> identities = new HashMap<>();
    private final Map<String, Identity> identitiesById = new HashMap<>();
    private final TreeMap<String, KeyRow> keys = new TreeMap<>();
    private final Map<String, String> keyIds = new HashMap<>();
    private long version;

    /** Adds or replaces a workspace. */
    public void put(Workspace workspace) {
        workspaces.put(workspace.id(), workspace);
        version++;
    }

    /** Adds or replaces a root key. */
    public void put(RootKey rootKey) {
        rootKeys.put(rootKey.hash(), rootKey);
        version++;
    }

    /** Adds or replaces an API. */
    public void put(Api api) {
        apis.put(api.id(), api);
        version++;
    }

    /** Adds or replaces an identity. */
    public void put(Identity identity) {
        removeIdentity(identity.externalId());
        identities.put(identity.externalId(), identity);
        identitiesById.put(identity.id(), identity);
        version++;
    }

    /** Adds or replaces a key. */
    public void put(KeyRow key) {
        keys.put(key.id(), key);
        keyIds.put(key.hash(), key.id());
        version++;
    }

    /** Says what a role grants. */
    public void role(String name, List<String> permissions) {
        roles.put(name, List.copyOf(permissions));
        version++;
    }

    /** Removes a workspace; its rows stay and can no longer be reached. */
    public boolean removeWorkspace(String id) {
        version++;
        return workspaces.remove(id) != null;
    }

    /** Removes a root key by its hash. */
    public boolean removeRootKey(String hash) {
        version++;
        return rootKeys.remove(hash) != null;
    }

    /** Removes an API; its keys are then not found. */
    public boolean removeApi(String id) {
        version++;
        return apis.remove(id) != null;
    }

    /** Removes an identity; its keys then have none. */
    public boolean removeIdentity(String externalId) {
        version++;
        Identity removed = identities.remove(externalId);
        if (removed != null) {
            identitiesById.remove(removed.id());
        }
        return removed != null;
    }

    /** Removes a key. */
    public void removeKey(KeyRow key) {
        keys.remove(key.id());
        keyIds.remove(key.hash());
        version++;
    }

    /** The workspace with this id. */
    public @Nullable Workspace workspace(String id) {
        return workspaces.get(id);
    }

    /** The root key with this hash. */
    public @Nullable RootKey rootKey(String hash) {
        return rootKeys.get(hash);
    }

    /** The API with this id. */
    public @Nullable Api api(String id) {
        return apis.get(id);
    }

    /** The identity with this external id. */
    public @Nullable Identity identity(String externalId) {
        return identities.get(externalId);
    }

    /** The key with this id. */
    public @Nullable KeyRow keyById(String id) {
        return keys.get(id);
    }

    /** The key with this hash. */
    public @Nullable KeyRow keyByHash(String hash) {
        String id = keyIds.get(hash);
        return id == null ? null : keys.get(id);
    }

    /** The ids of the workspaces, oldest first. */
    public List<String> workspaceIds() {
        return List.copyOf(workspaces.keySet());
    }

    /** The ids of the APIs, oldest first. */
    public List<String> apiIds() {
        return List.copyOf(apis.keySet());
    }

    /** A view of all keys from this id on, ordered by id. */
    public Collection<KeyRow> keysFrom(String id) {
        return Collections.unmodifiableCollection(keys.tailMap(id).values());
    }

    /** The identity of a key, or null when it has none or that was deleted. */
    public @Nullable Identity identityOf(KeyRow key) {
        return key.identityId() == null ? null : identitiesById.get(key.identityId());
    }

    /** All permissions of a key: direct ones, then those of its roles, duplicates kept. */
    public List<String> permissionsOf(KeyRow key) {
        List<String> all = new ArrayList<>(key.permissions());
        key.roles().forEach(role -> all.addAll(roles.getOrDefault(role, List.of())));
        return all;
    }

    /** How often the tables were changed. */
    public long version() {
        return version;
    }

    /** Removes all rows. */
    public void clear() {
        workspaces.clear();
        rootKeys.clear();
        apis.clear();
        roles.clear();
        identities.clear();
        identitiesById.clear();
        keys.clear();
        keyIds.clear();
        version++;
    }
}
