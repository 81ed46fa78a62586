package keygate.emulator.verify;

import keygate.emulator.rows.RootKey;

/**
 * Who asks for a verification.
 *
 * @param rootKey the root key that signed the call
 * @param clientIp the address taken for the end user's
 * @param forbidsMissingPermission whether a root key without permission gets 403, as Unkey once did, instead of
 *     NOT_FOUND
 */
public record Caller(RootKey rootKey, String clientIp, boolean forbidsMissingPermission) {}
