package keygate.accept.tls;

import java.net.IDN;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which of several certificates is shown: by the name that the caller asks for (SNI, RFC 6066), exact before
 * wildcard, and by the kinds of key that it understands, so that one name may have an RSA and an EC certificate. Where
 * no certificate has the name, or none is given, those with the names of the first are taken.
 *
 * <p>One TLS context serves all names. Vert.x' own choice by SNI would keep a context, and a cache of sessions, for
 * each name that callers invent below a wildcard.
 */
final class Identities extends X509ExtendedKeyManager {
    private final List<Identity> all;
    private final Map<String, List<Integer>> byName = new HashMap<>();
    private final List<Integer> fallback = new ArrayList<>();

    Identities(List<Identity> all) {
        this.all = List.copyOf(all);
        for (int i = 0; i < all.size(); i++) {
            for (String name : all.get(i).names()) {
                byName.computeIfAbsent(name, key -> new ArrayList<>()).add(i);
            }
            if (i == 0 || all.get(i).names().equals(all.get(0).names())) {
                fallback.add(i);
            }
        }
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        for (int candidate : named(name(engine.getHandshakeSession()))) {
            if (isOfKind(all.get(candidate), keyType)) {
                return Integer.toString(candidate);
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        for (String keyType : keyTypes) {
            for (int i = 0; i < all.size(); i++) {
                if (isOfKind(all.get(i), keyType)) {
                    return Integer.toString(i);
                }
            }
        }
        return null;
    }

    /** The certificates to choose from for a name. */
    private List<Integer> named(@Nullable String name) {
        if (name == null) {
            return fallback;
        }
        List<Integer> exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        List<Integer> wild = dot > 0 ? byName.get("*" + name.substring(dot)) : null;
        return wild == null ? fallback : wild;
    }

    private static @Nullable String name(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName asked : extended.getRequestedServerNames()) {
                if (asked instanceof SNIHostName host) {
                    return IDN.toASCII(host.getAsciiName()).toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    private static boolean isOfKind(Identity identity, String keyType) {
        String algorithm = identity.key().getAlgorithm();
        return keyType.equals(algorithm) || (keyType.equals("RSASSA-PSS") && algorithm.equals("RSA"));
    }

    private @Nullable Identity at(@Nullable String alias) {
        return alias == null ? null : all.get(Integer.parseInt(alias));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        Identity identity = at(alias);
        return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        Identity identity = at(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
