package keygate.manage.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import keygate.report.Recent;

/**
 * {@code requests.get}: the newest request of an id, ours or Unkey's, and how many older ones have the same: several
 * may rest on one verification.
 */
final class RequestsGet implements Operation {
    private final Running running;

    RequestsGet(Running running) {
        this.running = running;
    }

    @Override
    public String name() {
        return "requests.get";
    }

    @Override
    public Shape takes() {
        return Shape.nothing()
                .text("requestId", 128)
                .text("unkeyRequestId", 512)
                .exactlyOne();
    }

    @Override
    public Answer answer(Input input) throws Problem {
        Recent recent = running.recent();
        List<Recent.Line> found = recent.ofId(input.text("requestId"), input.text("unkeyRequestId"));
        if (found.isEmpty()) {
            throw Problem.notFound("no request of this id is among the last " + recent.size()
                    + " that ended; management.recent says how many are kept");
        }
        ObjectNode data = Json.object();
        data.set("request", Lines.json(found.get(0)));
        return Answer.of(data.put("older", found.size() - 1));
    }
}
