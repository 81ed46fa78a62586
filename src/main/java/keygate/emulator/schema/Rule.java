package keygate.emulator.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A rule a JSON value is held to. */
@FunctionalInterface
public interface Rule {
    /** Reports everything in {@code value} that breaks this rule. */
    void check(JsonNode value, Place at, Consumer<Finding> out);

    /** All findings in the order they were made, at most a hundred. */
    default List<Finding> findings(JsonNode value) {
        List<Finding> found = new ArrayList<>();
        check(value, Place.ROOT, finding -> {
            if (found.size() < 100) {
                found.add(finding);
            }
        });
        return found;
    }
}
