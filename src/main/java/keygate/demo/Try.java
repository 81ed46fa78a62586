package keygate.demo;

import java.util.List;

/**
 * A line to paste into a shell, and what it gives; a test runs every one.
 *
 * @param about what it shows
 * @param command a curl command; its last line of output is the status
 * @param expected the statuses of its requests in order, space-separated
 */
public record Try(String about, String command, String expected) {
    private static final String STATUS = "curl -s -o /dev/null -w '%{http_code}\\n' ";

    static List<Try> all(String url) {
        return List.of(
                new Try("a valid key: see what the upstream received", curl("demo_valid", url + "/v1/hello"), "200"),
                new Try("no key", STATUS + url + "/v1/hello", "401"),
                new Try("a key that nobody has", status("no_such_key", url + "/v1/hello"), "401"),
                new Try("a disabled key", status("demo_disabled", url + "/v1/hello"), "401"),
                new Try("an expired key", status("demo_expired", url + "/v1/hello"), "401"),
                new Try(
                        "a key without the permission demo.write",
                        "curl -s -X POST -H 'Authorization: Bearer demo_reader' " + url + "/v1/hello"
                                + " -w '%{http_code}\\n'",
                        "403"),
                new Try("a rate limit of 5 a minute", repeated(7, "demo_limited", url), "200 200 200 200 200 429 429"),
                new Try("a key with 3 credits", repeated(4, "demo_credits", url), "200 200 200 429"),
                new Try("a route that needs no key", STATUS + url + "/public/hello", "200"),
                new Try("a route that does not exist", STATUS + url + "/nowhere", "404"));
    }

    private static String curl(String key, String url) {
        return "curl -s -H 'Authorization: Bearer " + key + "' " + url + " -w '%{http_code}\\n'";
    }

    private static String status(String key, String url) {
        return STATUS + "-H 'Authorization: Bearer " + key + "' " + url;
    }

    private static String repeated(int times, String key, String url) {
        return "for i in $(seq " + times + "); do " + status(key, url + "/v1/hello") + "; done";
    }
}
