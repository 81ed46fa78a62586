package keygate.manage.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import keygate.report.Recent;

/** Reads access lines back. */
public final class Lines {
    private Lines() {}

    /** A line as JSON, for the caller to change. */
    public static ObjectNode json(Recent.Line line) {
        try {
            return (ObjectNode) Json.read(line.json());
        } catch (IOException e) {
            throw new UncheckedIOException("an access line is no JSON", e);
        }
    }
}
