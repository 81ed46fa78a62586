package keygate.cli.doctor;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Why something could not be reached, in an operator's words.
 *
 * @param mend how to mend it
 */
record Trouble(String what, String mend) {
    static Trouble of(Throwable failure) {
        Throwable root = failure;
        boolean encrypted = failure instanceof SSLException;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
            encrypted |= root instanceof SSLException || root instanceof CertificateException;
        }
        String text = String.valueOf(root.getMessage()).replaceAll("[^ -~]", "?");
        String lower = text.toLowerCase(Locale.ROOT);
        if (encrypted || root instanceof CertPathValidatorException || lower.contains("handshake")) {
            return encrypted(text, lower);
        }
        if (root instanceof UnknownHostException || lower.contains("nxdomain")) {
            return new Trouble("the name is not known: " + text, "check the name, and the DNS servers that are asked");
        }
        if (lower.contains("refused")) {
            return new Trouble("the connection is refused", "start what listens there, or check host and port");
        }
        if (root instanceof TimeoutException || root instanceof ConnectException || lower.contains("timed out")) {
            return new Trouble("no answer in time: " + text, "check that no firewall or network policy stands between");
        }
        return new Trouble(root.getClass().getSimpleName() + ": " + text, "check what listens there");
    }

    private static Trouble encrypted(String text, String lower) {
        if (lower.contains("no name matching") || lower.contains("no subject alternative")) {
            return new Trouble(
                    "its certificate is for other names: " + text, "use such a name in the url, or set tls.serverName");
        }
        if (lower.contains("certification path") || lower.contains("trust anchor")) {
            return new Trouble(
                    "nobody that is trusted vouches for its certificate: " + text,
                    "name the file of its authority in tls.ca");
        }
        if (lower.contains("notafter") || lower.contains("expired")) {
            return new Trouble("its certificate has ended: " + text, "renew it there");
        }
        if (lower.contains("not an ssl") || lower.contains("plaintext")) {
            return new Trouble("what listens there speaks no TLS", "write the url with http://, or check the port");
        }
        return new Trouble("no TLS handshake: " + text, "check the TLS settings on both sides");
    }
}
