package keygate.proxy;

import io.vertx.core.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One address that serves requests of an upstream, and how it is. It outlives what is read of DNS: the same address
 * found again is the same endpoint. Safe for every thread.
 */
public final class Endpoint {
    /** The steps between turns are whole numbers: large, so that shares are kept exactly enough. */
    private static final double SCALE = 1 << 22;

    private final Upstream.Target target;
    private final SocketAddress address;
    private final String authority;
    private final long hash;
    private final Circuit circuit;
    private final Tally tally;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong turn = new AtomicLong();
    private volatile boolean unhealthy;
    private volatile double share;
    private volatile int priority;

    Endpoint(Upstream.Target target, SocketAddress address, Upstream.Ejection ejection, Tally tally) {
        this.target = target;
        this.tally = tally;
        this.address = address;
        this.authority = target.authority(address.port());
        this.hash = Hash.of(address.host() + ":" + address.port());
        this.circuit = new Circuit(ejection);
    }

    /** How an endpoint is. */
    public enum State {
        /** It gets requests. */
        UP,
        /** It has failed too often in a row. */
        EJECTED,
        /** It does not answer well when it is asked how it is. */
        UNHEALTHY
    }

    /** The target that it was found by. */
    public Upstream.Target target() {
        return target;
    }

    /** Where to connect. */
    public SocketAddress address() {
        return address;
    }

    /** What it calls itself in a Host header. */
    public String authority() {
        return authority;
    }

    /** How it is. */
    public State state() {
        return unhealthy ? State.UNHEALTHY : circuit.isOut() ? State.EJECTED : State.UP;
    }

    /** Whether a request may go there, if only to try it. */
    boolean isAvailable(long now) {
        return !unhealthy && circuit.admits(now);
    }

    Circuit circuit() {
        return circuit;
    }

    /** What is counted of its target. */
    Tally tally() {
        return tally;
    }

    /** How many requests of this gateway are there. */
    int underWay() {
        return underWay.get();
    }

    void begun() {
        underWay.incrementAndGet();
        tally.begun();
    }

    void ended() {
        underWay.decrementAndGet();
        tally.ended();
    }

    double share() {
        return share;
    }

    int priority() {
        return priority;
    }

    long hash() {
        return hash;
    }

    /** What DNS says of it may change. */
    void placed(double newShare, int newPriority) {
        share = newShare;
        priority = newPriority;
    }

    void healthy(boolean healthy) {
        unhealthy = !healthy;
    }

    /** When its next turn is, on a scale that all endpoints share; may overflow, so it is compared by difference. */
    long turn() {
        return turn.get();
    }

    /** When its last turn was. */
    long lastTurn() {
        return turn.get() - step();
    }

    private long step() {
        return (long) (SCALE / share);
    }

    /**
     * Takes its turn, unless another thread just did.
     *
     * @param front the last turn of any endpoint: who was away does not catch up on it
     */
    boolean takeTurn(long seen, long front) {
        return turn.compareAndSet(seen, (seen - front >= 0 ? seen : front) + step());
    }

    @Override
    public String toString() {
        return address.host() + ":" + address.port();
    }
}
