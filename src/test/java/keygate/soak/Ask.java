package keygate.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One request as it was drawn, and what may come of it.
 *
 * @param number what it is known by in the register
 * @param client the address that it is said to come from
 * @param secret the key itself
 * @param overHttp2 whether the service is asked over HTTP/2
 * @param body how many octets its body has; 0 for a request without one
 * @param announced whether the body's length is said before
 */
record Ask(
        int number,
        String client,
        Key key,
        String secret,
        Shape shape,
        boolean overHttp2,
        int body,
        boolean announced) {
    private static final int CLIENTS = 200;
    /** In place of a status: no answer ends. */
    private static final int NEVER = 0;

    private static final int SMALL_BODY = 2_000;

    /** Who asks; how many of a hundred; with what it may be refused. */
    enum Key {
        GOOD(79, 10, 200, 200),
        LIMITED(6, 3, 200, 429),
        UNKNOWN(7, 300, 401, 429),
        DISABLED(5, 1, 401, 401),
        MISSING(3, 1, 401, 401);

        private final int share;
        private final int count;
        private final int status;
        private final int other;

        Key(int share, int count, int status, int other) {
            this.share = share;
            this.count = count;
            this.status = status;
            this.other = other;
        }

        /** How many different ones there are. */
        int count() {
            return count;
        }

        String secret(int index) {
            return name().toLowerCase(Locale.ROOT) + "-" + index;
        }
    }

    /** What is asked for; how many of a hundred; with what an admitted request is answered. */
    enum Shape {
        SMALL(66, 200, 200),
        COUNT(12, 200, 200),
        LARGE(4, 200, 200),
        CHUNKS(4, 200, 200),
        EARLY(3, 200, 200),
        FEW_EVENTS(2, 200, 200),
        EVENTS(2, NEVER, NEVER),
        SILENT(2, NEVER, NEVER),
        CLOSES(2, 502, 502),
        RESETS(1, 502, 502),
        /** The head of the answer may come through or not. */
        CUTS(2, 200, 502);

        private final int share;
        private final int status;
        private final int other;

        Shape(int share, int status, int other) {
            this.share = share;
            this.status = status;
            this.other = other;
        }
    }

    /** @param largest the most octets of a body */
    static Ask draw(Random random, Register register, int largest) {
        Shape shape = shape(random.nextInt(100));
        Key key = shape.status == NEVER ? Key.GOOD : key(random.nextInt(100));
        boolean hasBody = shape == Shape.COUNT || shape == Shape.EARLY;
        int most = random.nextInt(10) == 0 ? largest : SMALL_BODY;
        return new Ask(
                register.begin(),
                "10.0.0." + random.nextInt(CLIENTS),
                key,
                key.secret(random.nextInt(key.count)),
                shape,
                random.nextInt(3) == 0,
                hasBody ? 1 + random.nextInt(most) : 0,
                random.nextBoolean());
    }

    /** One that is answered, and after which the connection can be used again. */
    static Ask plain(Random random, Register register) {
        String secret = Key.GOOD.secret(random.nextInt(Key.GOOD.count));
        return new Ask(register.begin(), "10.0.0.0", Key.GOOD, secret, Shape.SMALL, random.nextBoolean(), 0, false);
    }

    private static Shape shape(int roll) {
        int sum = 0;
        for (Shape shape : Shape.values()) {
            sum += shape.share;
            if (roll < sum) {
                return shape;
            }
        }
        throw new AssertionError("the shares are no hundred");
    }

    private static Key key(int roll) {
        int sum = 0;
        for (Key key : Key.values()) {
            sum += key.share;
            if (roll < sum) {
                return key;
            }
        }
        throw new AssertionError("the shares are no hundred");
    }

    String method() {
        return body > 0 ? "POST" : "GET";
    }

    String path() {
        return (overHttp2 ? "/h2/" : "/") + shape.name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing but the caller ends it. */
    boolean isEndless() {
        return shape.status == NEVER;
    }

    /** Whether at least a head comes back. */
    boolean isAnswered() {
        return shape != Shape.SILENT;
    }

    /** Fails unless this is a right answer to the request. */
    void check(int status, String answer, boolean whole) {
        boolean admitted = key == Key.GOOD || (key == Key.LIMITED && status != key.other);
        List<Integer> right = admitted ? List.of(shape.status, shape.other) : List.of(key.status, key.other);
        assertThat(right).as("status of %s", this).contains(status);
        boolean cut = shape == Shape.CUTS && status == 200;
        assertThat(whole).as("whether the answer to %s is whole", this).isEqualTo(!cut);
        if (admitted && !cut && status == 200) {
            checkBody(answer);
        }
    }

    private void checkBody(String answer) {
        switch (shape) {
            case COUNT -> assertThat(answer).as("%s", this).isEqualTo(Integer.toString(body));
            case LARGE -> assertThat(answer.length()).as("%s", this).isEqualTo(Upstream.LARGE);
            case FEW_EVENTS -> assertThat(answer).as("%s", this).isEqualTo(Upstream.EVENT.repeat(2));
            case SMALL, EARLY -> assertThat(answer).as("%s", this).isEqualTo("small");
            default -> {
                // Of open length.
            }
        }
    }
}
