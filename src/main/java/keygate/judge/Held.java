package keygate.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import keygate.accept.Time;
import keygate.judge.Verification.Answer;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is remembered, for operators: neither the key nor its hash.
 *
 * @param asks what was asked about the key
 * @param clientIp the client's address where the answer depends on it, else null
 * @param age how long ago Unkey last said so
 * @param holds whether it may still serve; one that does not is kept for its code, or until its place is needed
 */
public record Held(Answer answer, Asks asks, @Nullable String clientIp, Duration age, boolean holds) {
    /**
     * A place in the order of all answers: by key, then by question. It depends on nothing that changes while an
     * answer is held, and means something in this process only.
     */
    public record Position(long key, long question) implements Comparable<Position> {
        private static final Comparator<Position> ORDER =
                Comparator.comparingLong(Position::key).thenComparingLong(Position::question);

        static Position of(Question.Id id, boolean denial) {
            long question = ((long) id.asks().hashCode() << 32) ^ ((long) Objects.hashCode(id.clientIp()) << 1);
            return new Position(id.hash().a(), (question & ~1L) | (denial ? 1 : 0));
        }

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    /** An answer and its place. */
    public record Placed(Position position, Held held) {}

    /** Picks the first few of all answers behind a place, holding no more than those. */
    static final class Page {
        private final @Nullable Position after;
        private final int most;
        private final Predicate<Answer> which;
        private final Time time;
        private final PriorityQueue<Found> last =
                new PriorityQueue<>(Comparator.comparing(Found::position).reversed());

        /** An answer that may be on the page. */
        private record Found(Position position, Question.Id id, Remembered remembered) {}

        Page(@Nullable Position after, int most, Predicate<Answer> which, Time time) {
            this.after = after;
            this.most = most;
            this.which = which;
            this.time = time;
        }

        void offer(Question.Id id, Remembered remembered) {
            Position position = Position.of(id, remembered.isDenial());
            boolean behind = after == null || position.compareTo(after) > 0;
            boolean fits =
                    last.size() < most || position.compareTo(last.element().position()) < 0;
            if (behind && fits && which.test(remembered.answer())) {
                last.add(new Found(position, id, remembered));
                if (last.size() > most) {
                    last.remove();
                }
            }
        }

        List<Placed> inOrder() {
            List<Found> found = new ArrayList<>(last);
            found.sort(Comparator.comparing(Found::position));
            return found.stream()
                    .map(each -> new Placed(each.position(), held(each.id(), each.remembered())))
                    .toList();
        }

        private Held held(Question.Id id, Remembered remembered) {
            return new Held(
                    remembered.answer(),
                    id.asks(),
                    id.clientIp(),
                    remembered.age(time),
                    remembered.holds(time.nanos()));
        }
    }
}
