package keygate.emulator;

import keygate.emulator.schema.ObjectRule;
import keygate.emulator.schema.Rule;
import keygate.emulator.schema.Rules;

/** The schemas of request bodies, of the control endpoint, and of the YAML file. */
final class Shapes {
    private static final long CREDITS = 1_000_000_000_000L;

    /** A verification. Unkey forbids unknown properties here, but not on the items of {@code ratelimits}. */
    static final Rule VERIFY = new ObjectRule()
            .required("key", Rules.text(1, 512))
            .optional("tags", Rules.list(20, Rules.text(1, 512)))
            .optional("permissions", Rules.text(1, 1000))
            .optional("credits", new ObjectRule().required("cost", Rules.whole(0, CREDITS)))
            .optional(
                    "ratelimits",
                    Rules.list(
                            Integer.MAX_VALUE,
                            new ObjectRule()
                                    .required("name", Rules.text(3, 255))
                                    .optional("cost", Rules.whole(0, Long.MAX_VALUE))
                                    .optional("limit", Rules.whole(0, Long.MAX_VALUE))
                                    .optional("duration", Rules.whole(0, Long.MAX_VALUE))
                                    .open()))
            .optional("migrationId", Rules.text(0, 256));

    /** A page of an API's keys. */
    static final Rule LIST_KEYS = new ObjectRule()
            .required("apiId", Rules.text(1, 255))
            .optional("limit", Rules.whole(1, 100))
            .optional("cursor", Rules.text(1, 255))
            .optional("externalId", Rules.text(1, 255))
            .optional("decrypt", Rules.flag())
            .optional("revalidateKeysCache", Rules.flag());

    /** The whole YAML file. */
    static final Rule WORLD = new ObjectRule()
            .required("workspaces", Rules.list(1000, workspace(id("workspaceId"))))
            .required("rootKeys", Rules.list(1000, rootKey().required("key", Rules.text(1, 512))))
            .required("apis", Rules.list(1000, api()))
            .optional("roles", Rules.list(1000, role()))
            .optional("identities", Rules.list(100_000, identity()))
            .optional("keys", Rules.list(100_000, key().required("key", Rules.text(1, 512))));

    private Shapes() {}

    /** The fields of a key, none of them required. */
    static ObjectRule key() {
        return new ObjectRule()
                .optional("key", Rules.text(1, 512))
                .optional("keyId", Rules.text(1, 255))
                .optional("apiId", Rules.text(1, 255))
                .optional("name", Rules.orNull(Rules.text(0, 255)))
                .optional("enabled", Rules.flag())
                .optional("expires", Rules.orNull(Rules.moment()))
                .optional("credits", Rules.orNull(Rules.whole(0, CREDITS)))
                .optional("meta", Rules.anyObject())
                .optional("permissions", permissions())
                .optional("roles", Rules.list(100, Rules.text(1, 128)))
                .optional("externalId", Rules.orNull(Rules.text(1, 255)))
                .optional("ratelimits", ratelimits());
    }

    /** What names a key: its id, or itself. */
    static ObjectRule keyName() {
        return new ObjectRule().optional("key", Rules.text(1, 512)).optional("keyId", Rules.text(1, 255));
    }

    /** The fields of an identity. */
    static ObjectRule identity() {
        return id("externalId")
                .optional("identityId", Rules.text(1, 255))
                .optional("meta", Rules.anyObject())
                .optional("ratelimits", ratelimits());
    }

    /** The fields of an API. */
    static ObjectRule api() {
        return id("apiId")
                .optional("workspaceId", Rules.text(1, 255))
                .optional("keyspaceId", Rules.text(1, 255))
                .optional("name", Rules.text(1, 255))
                .optional("ipAllowList", Rules.list(1000, Rules.text(1, 64)));
    }

    /** The fields of a root key, but for the key. */
    static ObjectRule rootKey() {
        return new ObjectRule()
                .optional("workspaceId", Rules.text(1, 255))
                .optional("permissions", Rules.list(1000, Rules.text(1, 512)))
                .optional("enabled", Rules.flag())
                .optional("expires", Rules.orNull(Rules.moment()));
    }

    /** The fields of a role. */
    static ObjectRule role() {
        return new ObjectRule().required("name", Rules.text(1, 128)).required("permissions", permissions());
    }

    /** Adds the fields of a workspace, but for its id. */
    static ObjectRule workspace(ObjectRule rule) {
        return rule.optional("enabled", Rules.flag())
                .optional("requestsPerMinute", Rules.orNull(Rules.whole(0, Long.MAX_VALUE)));
    }

    /** An object that needs only this id. */
    static ObjectRule id(String name) {
        return new ObjectRule().required(name, Rules.text(1, 255));
    }

    private static Rule permissions() {
        return Rules.list(1000, Rules.text(1, 128));
    }

    private static Rule ratelimits() {
        return Rules.list(
                50,
                new ObjectRule()
                        .required("name", Rules.text(3, 128))
                        .required("limit", Rules.whole(1, Long.MAX_VALUE))
                        .required("duration", Rules.whole(1000, Long.MAX_VALUE))
                        .optional("autoApply", Rules.flag()));
    }
}
