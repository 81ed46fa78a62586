package keygate.emulator.seed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import keygate.emulator.schema.Finding;

/** Checks between the parts of a file: what is named must be there, and only once. */
public final class References {
    private final JsonNode root;
    private final List<Finding> findings = new ArrayList<>();

    private References(JsonNode root) {
        this.root = root;
    }

    /** All findings; parts of the wrong type are left to the schema. */
    public static List<Finding> check(JsonNode root) {
        References check = new References(root);
        check.atLeastOne("workspaces");
        check.atLeastOne("apis");
        check.names();
        check.unique("rootKeys", "key");
        check.unique("keys", "key");
        check.unique("keys", "keyId");
        check.uniqueLimits("identities");
        check.uniqueLimits("keys");
        return check.findings;
    }

    private void names() {
        Set<String> workspaces = unique("workspaces", "workspaceId");
        Set<String> apis = unique("apis", "apiId");
        Set<String> roles = unique("roles", "name");
        Set<String> identities = unique("identities", "externalId");
        refers("rootKeys", "workspaceId", "workspaces", workspaces);
        refers("apis", "workspaceId", "workspaces", workspaces);
        refers("keys", "apiId", "apis", apis);
        refers("keys", "externalId", "identities", identities);
        for (int i = 0; i < root.path("keys").size(); i++) {
            JsonNode names = root.path("keys").path(i).path("roles");
            for (int j = 0; j < names.size(); j++) {
                refers(names.get(j), "/keys/" + i + "/roles/" + j, "roles", roles);
            }
        }
    }

    private void atLeastOne(String list) {
        if (root.path(list).isArray() && root.path(list).isEmpty()) {
            findings.add(new Finding("/" + list, "/minItems", "is empty", "Add at least one."));
        }
    }

    // Messages tell where the first one is and not what it is: it may be a key.
    private Set<String> unique(String list, String field) {
        return unique("/" + list, root.path(list), field);
    }

    private Set<String> unique(String pointer, JsonNode items, String field) {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            JsonNode value = items.get(i).path(field);
            Integer before = value.isTextual() ? first.putIfAbsent(value.textValue(), i) : null;
            if (before != null) {
                String message = "is the same as in item " + before + " of this list";
                findings.add(new Finding(pointer + "/" + i + "/" + field, "/unique", message, "Change one of them."));
            }
        }
        return new HashSet<>(first.keySet());
    }

    private void uniqueLimits(String list) {
        for (int i = 0; i < root.path(list).size(); i++) {
            unique("/" + list + "/" + i + "/ratelimits", root.path(list).get(i).path("ratelimits"), "name");
        }
    }

    private void refers(String list, String field, String target, Set<String> known) {
        for (int i = 0; i < root.path(list).size(); i++) {
            JsonNode value = root.path(list).get(i).path(field);
            refers(value, "/" + list + "/" + i + "/" + field, target, known);
        }
    }

    private void refers(JsonNode value, String pointer, String target, Set<String> known) {
        if (value.isTextual() && !known.contains(value.textValue())) {
            findings.add(new Finding(
                    pointer,
                    "/reference",
                    "'" + value.textValue() + "' is not among " + target,
                    "Add it there, or correct the name."));
        }
    }
}
