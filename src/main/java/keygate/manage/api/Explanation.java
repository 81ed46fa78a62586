package keygate.manage.api;

import java.util.List;
import keygate.accept.Ask;
import keygate.accept.Header;
import keygate.accept.Reason;
import keygate.find.NearMiss;
import keygate.identify.KeyPlace;
import keygate.judge.Verdict;
import keygate.limit.Decision;
import keygate.limit.Item;
import keygate.modify.UpstreamHead;
import keygate.proxy.Upstreams;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a request, by what each step has decided. Holds no key.
 *
 * @param ask null where it is refused at the door
 * @param served the route that it takes, or null
 * @param near routes that it does not take, the most telling first
 * @param place where its key was found, or null
 * @param asked whether Unkey was asked, as it would be asked for such a request
 * @param items what it costs; empty where nothing is counted
 * @param sent what is sent on, or null where it is refused
 * @param upstreams the endpoints of all that routes lead to
 * @param now epoch milliseconds by Unkey's clock, as far as that is known
 */
public record Explanation(
        @Nullable Ask ask,
        Running.@Nullable Served served,
        List<NearMiss> near,
        @Nullable KeyPlace place,
        Verdict verdict,
        boolean asked,
        List<Item> items,
        Decision decision,
        @Nullable Sent sent,
        Upstreams upstreams,
        long now,
        Outcome outcome) {
    public Explanation {
        near = List.copyOf(near);
        items = List.copyOf(items);
    }

    /**
     * What is sent on.
     *
     * @param removed the names of fields that are not
     * @param added the names of fields that we write, and what we write
     */
    public record Sent(UpstreamHead head, List<String> removed, List<Header> added) {}

    /**
     * How it ends, as far as that is the gateway's to say.
     *
     * @param step which step refuses it, or would if the route enforced that; null where none does
     * @param detail what the caller is told, or would be
     * @param shadow why it would be refused if the route enforced that, or null
     */
    public record Outcome(
            Reason reason,
            @Nullable String step,
            @Nullable String detail,
            @Nullable Reason shadow) {}
}
