package keygate.limit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import keygate.judge.Asks;
import keygate.judge.Question.Purpose;
import keygate.judge.RateLimit;
import keygate.judge.VerdictSource;
import keygate.judge.Verification.Answer;

/**
 * One call on its way: what it charges, and for whom. A call can name each limit once, so of two that share a name,
 * such as an inline limit and a stored one, only one flies along. Guarded by its account.
 */
final class Flight {
    private final Map<String, Tab> tabs = new LinkedHashMap<>();
    private final Map<String, Long> costs = new LinkedHashMap<>();
    private final List<Debt> owed = new ArrayList<>();
    private final List<Commit> aboard = new ArrayList<>();
    private final List<Commit> lookers = new ArrayList<>();
    private final List<Price> reserved = new ArrayList<>();
    private final boolean peek;
    private final boolean nameless;
    private final int epoch;
    private final long sent;
    private boolean leftBehind;
    private long uses;

    /**
     * An empty flight.
     *
     * @param peek whether it only looks, and charges nothing
     * @param nameless whether it leaves out stored limits, because one of them is gone
     * @param epoch the memory's, for what the answer may be remembered
     * @param sent its mark among all calls
     */
    Flight(boolean peek, boolean nameless, int epoch, long sent) {
        this.peek = peek;
        this.nameless = nameless;
        this.epoch = epoch;
        this.sent = sent;
    }

    /** Whether no other limit has the name already. */
    private boolean hasRoomFor(Tab tab) {
        Tab other = tabs.get(tab.name());
        return other == null || other.equals(tab);
    }

    private void add(Tab tab, long cost) {
        tabs.put(tab.name(), tab);
        costs.merge(tab.name(), peek ? 0 : cost, Long::sum);
    }

    /** Takes along what is owed, as far as it has room; where nothing is owed the name is there to cost nothing. */
    void board(List<Debt> debts) {
        for (Debt debt : debts) {
            boolean room = hasRoomFor(debt.tab());
            leftBehind |= debt.total() > 0 && !room;
            if (debt.total() > 0 && room) {
                add(debt.tab(), debt.total());
                if (!peek) {
                    owed.add(debt);
                    debt.board();
                }
            }
        }
        for (Debt debt : debts) {
            if (debt.total() == 0 && hasRoomFor(debt.tab())) {
                add(debt.tab(), 0);
            }
        }
    }

    /** Whether a debt had to stay because another of the same name flies. */
    boolean hasLeftBehind() {
        return leftBehind;
    }

    /** What was reserved for the requests aboard is free again. */
    void release() {
        for (Price price : reserved) {
            price.charges().forEach(charge -> charge.tab().meter().release(charge.cost()));
        }
    }

    /** Whether a request could fly along by its limits' names. */
    boolean hasRoomFor(Commit commit) {
        return commit.price().charges().stream().allMatch(charge -> hasRoomFor(charge.tab()));
    }

    /** Takes a request along that has reserved its price. */
    void board(Commit commit) {
        aboard.add(commit);
        reserved.add(commit.price());
        commit.price().charges().forEach(charge -> add(charge.tab(), charge.cost()));
    }

    /** Looks how the limits of a request stand, without charging it. */
    void look(Commit commit) {
        lookers.add(commit);
        commit.price().charges().forEach(charge -> add(charge.tab(), 0));
    }

    /** The call stands for so many requests that were admitted before. */
    void standFor(long requests) {
        uses = requests;
    }

    long uses() {
        return uses;
    }

    /** Whether there is no reason to fly. */
    boolean isEmpty() {
        return owed.isEmpty() && aboard.isEmpty() && lookers.isEmpty() && !peek;
    }

    /** What Unkey is asked: nothing but to charge. */
    Asks asks() {
        List<Asks.Limit> limits = new ArrayList<>(tabs.size());
        for (Tab tab : tabs.values()) {
            if (!tab.isBalance() && (tab.inline() || !nameless)) {
                limits.add(tab.named(costs.getOrDefault(tab.name(), 0L)));
            }
        }
        return new Asks(null, costs.getOrDefault("", 0L), limits);
    }

    Purpose purpose() {
        if (aboard.isEmpty()) {
            return owed.isEmpty() ? Purpose.PEEK : Purpose.SETTLE;
        }
        return Purpose.COMMIT;
    }

    /** Whether the answer tells of another set of limits than was known. */
    boolean isNews(Answer answer) {
        for (RateLimit limit : answer.limits()) {
            Tab tab = tabs.get(limit.name());
            if (tab == null || tab.capacity() != limit.limit() || tab.duration() != limit.duration()) {
                return true;
            }
        }
        return false;
    }

    /** Whether it was one request and nothing else, so that the answer is about that request. */
    boolean isForOne() {
        return owed.isEmpty() && aboard.size() == 1;
    }

    /** Makes the call: the first of those who wait for it, or whoever gave rise to it where nobody does. */
    VerdictSource source(VerdictSource otherwise) {
        return aboard.isEmpty()
                ? lookers.isEmpty() ? otherwise : lookers.get(0).source()
                : aboard.get(0).source();
    }

    /** The debts that it carries. */
    List<Debt> owed() {
        return owed;
    }

    List<Commit> aboard() {
        return aboard;
    }

    List<Commit> lookers() {
        return lookers;
    }

    boolean isPeek() {
        return peek;
    }

    boolean isNameless() {
        return nameless;
    }

    int epoch() {
        return epoch;
    }

    long sent() {
        return sent;
    }
}
