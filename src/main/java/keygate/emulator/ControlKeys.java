package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import keygate.emulator.rows.KeyRow;
import keygate.emulator.schema.Rules;
import keygate.emulator.state.Ids;
import keygate.emulator.wire.Json;
import org.jspecify.annotations.Nullable;

/** The part of the control endpoint that is about keys. A key is named by {@code keyId} or by itself. */
final class ControlKeys {
    private final World world;

    ControlKeys(World world) {
        this.world = world;
    }

    void register(Control control) {
        control.add("keys.create", Shapes.key().optional("prefix", Rules.text(1, 16)), this::create);
        control.add("keys.update", Shapes.key(), this::update);
        control.add("keys.get", Shapes.keyName(), this::get);
        control.add("keys.delete", Shapes.keyName(), this::delete);
    }

    private JsonNode create(JsonNode body) {
        String given = Fields.text(body, "key");
        String key = given == null ? Ids.key(body.path("prefix").asText("")) : given;
        checkApi(body);
        KeyDraft draft = Fields.key(world.key(key), body);
        String id = Fields.text(body, "keyId");
        draft.keyId(id == null ? Ids.derived("key_", Ids.hash(key)) : id);
        return Json.object().put("key", key).put("keyId", draft.add());
    }

    private JsonNode update(JsonNode body) {
        checkApi(body);
        KeyRow row = row(body);
        return Json.object()
                .put("keyId", Fields.key(new KeyDraft(world, row), body).save());
    }

    private JsonNode get(JsonNode body) {
        KeyRow row = row(body);
        return world.with(store -> {
            ObjectNode json = ListKeys.json(store, row);
            return json.put("spent", store.balances().spent(row.id()));
        });
    }

    private JsonNode delete(JsonNode body) {
        KeyRow row = row(body);
        world.change(store -> store.tables().removeKey(row));
        return Json.object();
    }

    private void checkApi(JsonNode body) {
        String apiId = Fields.text(body, "apiId");
        if (apiId != null && world.with(store -> store.tables().api(apiId)) == null) {
            throw Control.missing("api");
        }
    }

    private KeyRow row(JsonNode body) {
        String id = Fields.text(body, "keyId");
        String key = Fields.text(body, "key");
        if (id == null && key == null) {
            throw Control.unfit("/keyId", "no key is named", "Send keyId, or key.");
        }
        KeyRow row = world.with(store -> find(store, id, key));
        if (row == null) {
            throw Control.missing("key");
        }
        return row;
    }

    private static @Nullable KeyRow find(
            keygate.emulator.state.Store store, @Nullable String id, @Nullable String key) {
        if (id != null) {
            return store.tables().keyById(id);
        }
        return key == null ? null : store.tables().keyByHash(Ids.hash(key));
    }
}
