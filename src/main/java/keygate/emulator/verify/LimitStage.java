package keygate.emulator.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import keygate.emulator.counts.Counter;
import keygate.emulator.counts.Take;
import keygate.emulator.counts.Taken;
import keygate.emulator.counts.Windows;
import keygate.emulator.rows.Identity;
import keygate.emulator.rows.KeyView;
import keygate.emulator.rows.Limit;
import keygate.emulator.wire.Refusal;
import org.jspecify.annotations.Nullable;

/** The rate-limit stage: which limits run for a request, and taking from all of them or none. */
final class LimitStage {
    private final KeyView view;
    private final Map<String, Stored> stored = new LinkedHashMap<>();
    private final Map<String, Check> checks = new LinkedHashMap<>();

    private LimitStage(KeyView view) {
        this.view = view;
        Identity identity = view.identity();
        if (identity != null) {
            identity.limits().forEach(limit -> stored.put(limit.name(), new Stored(limit, identity.id())));
        }
        // Put last: a limit of the key shadows one of the identity with the same name.
        view.row()
                .limits()
                .forEach(limit ->
                        stored.put(limit.name(), new Stored(limit, view.row().id())));
    }

    /**
     * Runs the stage.
     *
     * @return the outcomes; none when the limiter rejects an argument, because Unkey then skips all limits
     * @throws Refusal 412 when a named limit exists neither on the key nor on its identity
     */
    static List<LimitOutcome> run(KeyView view, List<LimitAsk> asked, Windows windows, long now) {
        LimitStage stage = new LimitStage(view);
        stage.stored.values().stream()
                .filter(limit -> limit.limit().autoApply())
                .forEach(limit -> stage.check(limit.limit(), limit.identifier(), null));
        asked.forEach(stage::ask);
        return stage.take(windows, now);
    }

    private void ask(LimitAsk ask) {
        Long limit = ask.limit();
        Long duration = ask.duration();
        if (limit != null && duration != null) {
            check(new Limit("", ask.name(), limit, duration, false), view.row().id(), ask.cost());
            return;
        }
        Stored found = stored.get(ask.name());
        if (found == null) {
            throw missing(ask.name());
        }
        check(found.limit(), found.identifier(), ask.cost());
    }

    private void check(Limit limit, String identifier, @Nullable Long cost) {
        Counter counter = new Counter(view.api().workspaceId(), limit.name(), identifier, limit.duration());
        checks.put(limit.name(), new Check(limit, new Take(counter, limit.limit(), cost == null ? 1 : cost)));
    }

    private List<LimitOutcome> take(Windows windows, long now) {
        List<Check> all = List.copyOf(checks.values());
        if (!all.stream().allMatch(check -> check.take().sound())) {
            return List.of();
        }
        List<Taken> taken = windows.take(all.stream().map(Check::take).toList(), now);
        List<LimitOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            outcomes.add(new LimitOutcome(all.get(i).limit(), taken.get(i)));
        }
        return outcomes;
    }

    private Refusal missing(String name) {
        Identity identity = view.identity();
        String where =
                "key '" + view.row().id() + "'" + (identity == null ? "" : " nor on identity '" + identity.id() + "'");
        return new Refusal(
                412,
                "unkey/application/precondition_failed",
                "Precondition Failed",
                "The rate limit '" + name + "' does not exist on " + where
                        + ", and the request gives no limit and duration for it.");
    }

    /** A limit at rest and whom it counts. */
    private record Stored(Limit limit, String identifier) {}

    /** A limit to check in this request. */
    private record Check(Limit limit, Take take) {}
}
