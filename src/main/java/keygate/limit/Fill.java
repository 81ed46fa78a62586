package keygate.limit;

/**
 * How a limit or a balance stands, for operators.
 *
 * @param name the limit's name; empty for a balance
 * @param keyId the key that Unkey reported last about; an identity's keys have the limit in common
 * @param limit how much there is in all; 0 for a balance, of which nobody knows
 * @param remaining what Unkey would still admit if it were told of everything
 * @param owed what was admitted that Unkey has not been told of yet
 * @param mayOwe the most that may be owed while Unkey answers
 */
public record Fill(String name, String keyId, long limit, long remaining, long owed, long mayOwe) {
    public boolean isBalance() {
        return name.isEmpty();
    }
}
