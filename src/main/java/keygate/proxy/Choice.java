package keygate.proxy;

import org.jspecify.annotations.Nullable;

/** The best of the endpoints that were offered so far. */
final class Choice {
    private final Balance balance;
    private final long key;
    private @Nullable Endpoint best;
    private int rank;
    private double cost;
    private long turn;
    private long front;

    Choice(Balance balance, long key) {
        this.balance = balance;
        this.key = key;
    }

    void offer(Endpoint endpoint, boolean available, boolean tried) {
        int itsRank = (available ? 0 : 2) + (tried ? 1 : 0);
        double itsCost = balance.cost(endpoint, key);
        long itsTurn = endpoint.turn();
        long itsLast = endpoint.lastTurn();
        front = best == null || itsLast - front > 0 ? itsLast : front;
        if (best == null || isBetter(itsRank, endpoint, itsCost, itsTurn, best)) {
            best = endpoint;
            rank = itsRank;
            cost = itsCost;
            turn = itsTurn;
        }
    }

    private boolean isBetter(int itsRank, Endpoint endpoint, double itsCost, long itsTurn, Endpoint than) {
        if (itsRank != rank) {
            return itsRank < rank;
        }
        if (endpoint.priority() != than.priority()) {
            return endpoint.priority() < than.priority();
        }
        return itsCost == cost ? itsTurn - turn < 0 : itsCost < cost;
    }

    @Nullable
    Endpoint best() {
        return best;
    }

    /** Whether the best is up, or may be tried again. */
    boolean isAvailable() {
        return rank < 2;
    }

    /** Takes the turn of the best. False where another thread was faster: then all may look different. */
    boolean take() {
        return best != null && best.takeTurn(turn, front);
    }
}
