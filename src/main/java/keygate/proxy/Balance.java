package keygate.proxy;

/** How the endpoints of an upstream share its requests. All follow the endpoints' shares; none takes a lock. */
public enum Balance {
    /** In turn; those with more weight more often, spread evenly. */
    ROUND_ROBIN {
        @Override
        double cost(Endpoint endpoint, long key) {
            return 0;
        }
    },
    /** Where the fewest requests of this gateway are under way, by weight. */
    LEAST_REQUESTS {
        @Override
        double cost(Endpoint endpoint, long key) {
            return endpoint.underWay() / endpoint.share();
        }
    },
    /**
     * By the key, always to the same endpoint: weighted rendezvous hashing. An endpoint that comes or goes moves only
     * the keys that it gains or had.
     */
    KEY_HASH {
        @Override
        double cost(Endpoint endpoint, long key) {
            double between0And1 = ((Hash.mixed(key ^ endpoint.hash()) >>> 11) + 1) * 0x1p-53;
            return -Math.log(between0And1) / endpoint.share();
        }
    };

    /** The endpoint that costs least is chosen; among equals it is the one whose turn it is. */
    abstract double cost(Endpoint endpoint, long key);
}
