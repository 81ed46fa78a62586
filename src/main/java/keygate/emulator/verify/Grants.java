package keygate.emulator.verify;

import java.util.List;
import keygate.emulator.rows.Api;
import keygate.emulator.rows.KeyView;
import keygate.emulator.rows.RootKey;

/** Decides what a root key may do. */
public final class Grants {
    private Grants() {}

    /** Whether the root key holds {@code api.*.ACTION} or {@code api.ID.ACTION}. */
    public static boolean onApi(RootKey rootKey, Api api, String action) {
        return rootKey.permissions().contains("api.*." + action)
                || rootKey.permissions().contains("api." + api.id() + "." + action);
    }

    static boolean mayVerify(RootKey rootKey, KeyView view) {
        if (onApi(rootKey, view.api(), "verify_key")) {
            return true;
        }
        String path =
                "keyspaces/" + view.api().keyspaceId() + "/keys/" + view.row().id();
        String prefix = "unkey:v1:" + view.api().workspaceId() + ":";
        return rootKey.permissions().stream()
                .filter(grant -> grant.startsWith(prefix))
                .anyMatch(grant -> covers(grant.substring(prefix.length()), path));
    }

    private static boolean covers(String grant, String path) {
        int hash = grant.lastIndexOf('#');
        if (hash < 0) {
            return false;
        }
        List<String> wanted = List.of(grant.substring(0, hash).split("/", -1));
        String action = grant.substring(hash + 1);
        boolean rest = wanted.get(wanted.size() - 1).equals("**");
        boolean actionFits = action.equals("verify_key") || (rest && action.equals("*"));
        return actionFits && segmentsFit(wanted, List.of(path.split("/", -1)), rest);
    }

    private static boolean segmentsFit(List<String> wanted, List<String> given, boolean rest) {
        int fixed = rest ? wanted.size() - 1 : wanted.size();
        if (rest ? given.size() < fixed : given.size() != fixed) {
            return false;
        }
        for (int i = 0; i < fixed; i++) {
            if (!wanted.get(i).equals("*") && !wanted.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }
}
