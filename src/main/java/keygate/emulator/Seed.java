package keygate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import keygate.emulator.rows.Api;
import keygate.emulator.rows.RootKey;
import keygate.emulator.rows.Workspace;
import keygate.emulator.schema.Finding;
import keygate.emulator.seed.Mistake;
import keygate.emulator.seed.References;
import keygate.emulator.seed.YamlTree;
import keygate.emulator.state.Ids;

/** A checked file that describes a world, ready to be planted into one. */
final class Seed {
    private final JsonNode root;

    private Seed(JsonNode root) {
        this.root = root;
    }

    /** Reads and checks {@code yaml}; throws a {@link WorldException} that lists all mistakes. */
    static Seed read(String yaml, String sourceName) {
        YamlTree tree = YamlTree.read(yaml);
        List<Finding> findings = new ArrayList<>(tree.findings());
        if (findings.isEmpty()) {
            findings.addAll(Shapes.WORLD.findings(tree.root()));
            findings.addAll(References.check(tree.root()));
        }
        if (!findings.isEmpty()) {
            List<Mistake> mistakes =
                    findings.stream().map(tree::mistake).sorted().toList();
            throw new WorldException(sourceName, mistakes);
        }
        return new Seed(tree.root());
    }

    /** Adds all rows to an empty world. */
    void plant(World world) {
        each("workspaces", item -> workspace(world, item));
        each("rootKeys", item -> rootKey(world, item));
        each("apis", item -> api(world, item));
        each("roles", item -> world.role(item.path("name").asText(), Fields.texts(item, "permissions")));
        each("identities", item -> Fields.identity(
                        world.identity(item.path("externalId").asText()), item)
                .save());
        each("keys", item -> key(world, item));
    }

    private void each(String name, java.util.function.Consumer<JsonNode> action) {
        root.path(name).forEach(action);
    }

    private static void workspace(World world, JsonNode item) {
        world.put(new Workspace(
                item.path("workspaceId").asText(),
                item.path("enabled").asBoolean(true),
                Fields.number(item, "requestsPerMinute")));
    }

    private static void rootKey(World world, JsonNode item) {
        world.put(new RootKey(
                Ids.hash(item.path("key").asText()),
                item.path("workspaceId").asText(world.firstWorkspace()),
                List.of(Fields.texts(item, "permissions")),
                item.path("enabled").asBoolean(true),
                Fields.moment(item, "expires")));
    }

    private static void api(World world, JsonNode item) {
        String id = item.path("apiId").asText();
        world.put(new Api(
                id,
                item.path("workspaceId").asText(world.firstWorkspace()),
                item.path("keyspaceId").asText(Ids.derived("ks_", id)),
                item.path("name").asText(id),
                List.of(Fields.texts(item, "ipAllowList"))));
    }

    private static void key(World world, JsonNode item) {
        KeyDraft draft = world.key(item.path("key").asText());
        if (item.has("keyId")) {
            draft.keyId(item.path("keyId").asText());
        }
        Fields.key(draft, item).add();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Seed[keys=%d]", root.path("keys").size());
    }
}
