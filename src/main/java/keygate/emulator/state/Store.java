package keygate.emulator.state;

import keygate.emulator.counts.Balances;
import keygate.emulator.counts.Windows;
import keygate.emulator.rows.Api;
import keygate.emulator.rows.KeyRow;
import keygate.emulator.rows.KeyView;
import keygate.emulator.rows.RootKey;
import keygate.emulator.rows.Tables;
import org.jspecify.annotations.Nullable;

/** All state of an emulator in one place: tables, balances, windows and the row caches before them. */
public final class Store {
    private final Tables tables = new Tables();
    private final Balances balances = new Balances();
    private final Windows windows = new Windows();
    private final RowCache<KeyView> keys = new RowCache<>();
    private final RowCache<RootKey> rootKeys = new RowCache<>();

    /** The rows. */
    public Tables tables() {
        return tables;
    }

    /** The credits. */
    public Balances balances() {
        return balances;
    }

    /** The rate limits. */
    public Windows windows() {
        return windows;
    }

    /** A user's key by hash, through the cache. */
    public Lookup<KeyView> key(String hash, When when) {
        return keys.find(hash, when, tables.version(), () -> load(hash));
    }

    /** A root key by hash, through a cache with the same windows. */
    public Lookup<RootKey> rootKey(String hash, When when) {
        return rootKeys.find(hash, when, tables.version(), () -> tables.rootKey(hash));
    }

    /** Forgets everything. */
    public void clear() {
        tables.clear();
        balances.clear();
        windows.clear();
        keys.clear();
        rootKeys.clear();
    }

    private @Nullable KeyView load(String hash) {
        KeyRow row = tables.keyByHash(hash);
        Api api = row == null ? null : tables.api(row.apiId());
        if (row == null || api == null || tables.workspace(api.workspaceId()) == null) {
            return null;
        }
        return new KeyView(row, api, tables.identityOf(row), tables.permissionsOf(row), balances.of(row.id()));
    }
}
