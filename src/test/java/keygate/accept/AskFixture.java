package keygate.accept;

import java.util.List;

/** Requests for tests of the pure steps: a GET without fields, changed where a test says so. */
public record AskFixture(String method, String host, String target, Headers headers, Ask.Client client) {
    private static final Ask.Client NOBODY = new Ask.Client("192.0.2.7", "192.0.2.7", false);

    public static AskFixture get(String target) {
        return new AskFixture("GET", "api.example.com", target, Headers.of(), NOBODY);
    }

    public AskFixture by(String otherMethod) {
        return new AskFixture(otherMethod, host, target, headers, client);
    }

    public AskFixture at(String otherHost) {
        return new AskFixture(method, otherHost, target, headers, client);
    }

    public AskFixture with(String... namesAndValues) {
        return new AskFixture(method, host, target, Headers.of(namesAndValues), client);
    }

    public AskFixture with(Headers fields) {
        return new AskFixture(method, host, target, fields, client);
    }

    /** With what the door lets in of these fields. */
    public AskFixture withFieldsOfAStranger(List<Header> fields) {
        return with(new Headers(fields.stream()
                .filter(field -> ReservedNames.mayPass(field.name(), false))
                .toList()));
    }

    public AskFixture from(Ask.Client otherClient) {
        return new AskFixture(method, host, target, headers, otherClient);
    }

    public Ask ask() {
        return new Ask("kg_test", method, "http", host, host, Target.parse(target), headers, client);
    }
}
