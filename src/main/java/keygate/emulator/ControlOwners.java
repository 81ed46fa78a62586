package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import keygate.emulator.rows.Api;
import keygate.emulator.rows.RootKey;
import keygate.emulator.rows.Workspace;
import keygate.emulator.schema.Rules;
import keygate.emulator.state.Ids;
import keygate.emulator.wire.Json;

/** The part of the control endpoint that is about what keys belong to. Each {@code set} makes or changes. */
final class ControlOwners {
    private final World world;

    ControlOwners(World world) {
        this.world = world;
    }

    void register(Control control) {
        control.add("identities.set", Shapes.identity(), this::identity);
        control.add(
                "identities.delete",
                Shapes.id("externalId"),
                body -> gone(world.removeIdentity(body.path("externalId").asText()), "identity"));
        control.add("roles.set", Shapes.role(), this::role);
        control.add("apis.set", Shapes.api(), this::api);
        control.add(
                "apis.delete",
                Shapes.id("apiId"),
                body -> gone(world.removeApi(body.path("apiId").asText()), "api"));
        control.add("rootKeys.set", Shapes.rootKey().optional("key", Rules.text(1, 512)), this::rootKey);
        control.add(
                "rootKeys.delete",
                Shapes.id("key"),
                body -> gone(world.removeRootKey(body.path("key").asText()), "root_key"));
        control.add("workspaces.set", Shapes.workspace(Shapes.id("workspaceId")), this::workspace);
        control.add(
                "workspaces.delete",
                Shapes.id("workspaceId"),
                body -> gone(world.removeWorkspace(body.path("workspaceId").asText()), "workspace"));
    }

    private static JsonNode gone(boolean was, String what) {
        if (!was) {
            throw Control.missing(what);
        }
        return Json.object();
    }

    private JsonNode identity(JsonNode body) {
        IdentityDraft draft = world.identity(body.path("externalId").asText());
        return Json.object().put("identityId", Fields.identity(draft, body).save());
    }

    private JsonNode role(JsonNode body) {
        world.role(body.path("name").asText(), Fields.texts(body, "permissions"));
        return Json.object();
    }

    private JsonNode api(JsonNode body) {
        String id = body.path("apiId").asText();
        Api old = world.with(store -> store.tables().api(id));
        world.put(new Api(
                id,
                body.path("workspaceId").asText(old == null ? world.firstWorkspace() : old.workspaceId()),
                body.path("keyspaceId").asText(old == null ? Ids.derived("ks_", id) : old.keyspaceId()),
                body.path("name").asText(old == null ? id : old.name()),
                old != null && !body.has("ipAllowList")
                        ? old.ipAllowList()
                        : List.of(Fields.texts(body, "ipAllowList"))));
        return Json.object().put("apiId", id);
    }

    private JsonNode rootKey(JsonNode body) {
        String given = Fields.text(body, "key");
        String key = given == null ? Ids.key("unkey") : given;
        RootKey old = world.with(store -> store.tables().rootKey(Ids.hash(key)));
        boolean keepsGrants = old != null && !body.has("permissions");
        boolean keepsExpiry = old != null && !body.has("expires");
        world.put(new RootKey(
                Ids.hash(key),
                body.path("workspaceId").asText(old == null ? world.firstWorkspace() : old.workspaceId()),
                keepsGrants ? old.permissions() : List.of(Fields.texts(body, "permissions")),
                body.path("enabled").asBoolean(old == null || old.enabled()),
                keepsExpiry ? old.expires() : Fields.moment(body, "expires")));
        return Json.object().put("key", key);
    }

    private JsonNode workspace(JsonNode body) {
        String id = body.path("workspaceId").asText();
        Workspace old = world.with(store -> store.tables().workspace(id));
        boolean keepsLimit = old != null && !body.has("requestsPerMinute");
        world.put(new Workspace(
                id,
                body.path("enabled").asBoolean(old == null || old.enabled()),
                keepsLimit ? old.requestsPerMinute() : Fields.number(body, "requestsPerMinute")));
        return Json.object().put("workspaceId", id);
    }
}
