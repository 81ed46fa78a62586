package keygate.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import keygate.rig.Http2Stream;
import keygate.rig.Http2Wire;
import keygate.rig.Rig;

/** Asks over HTTP/2: several streams at once, of which some are reset, on connections of which some break off. */
final class Http2Caller {
    private static final int CANCEL = 8;
    private static final int AT_ONCE = 6;
    /** All bodies at once fit into the window that every connection begins with. */
    private static final int LARGEST = 8_000;

    private final Rig rig;
    private final Register register;
    private final Random random;
    private int last = -1;

    Http2Caller(Rig rig, Register register, Random random) {
        this.rig = rig;
        this.register = register;
        this.random = random;
    }

    /** A stream whose answer is waited for. */
    private record Open(int stream, Ask ask) {}

    void run(int requests) throws IOException {
        try (Http2Wire wire = new Http2Wire(rig.keygate().port())) {
            for (int left = requests; left > 0; left -= AT_ONCE) {
                List<Open> open = new ArrayList<>();
                for (int count = Math.min(left, AT_ONCE); count > 0; count--) {
                    begin(wire, open);
                }
                if (left <= AT_ONCE && random.nextInt(4) == 0) {
                    return;
                }
                for (Open stream : open) {
                    end(wire, stream);
                }
            }
        }
    }

    private void begin(Http2Wire wire, List<Open> open) throws IOException {
        Ask ask = Ask.draw(random, register, LARGEST);
        last += 2;
        boolean hasBody = ask.body() > 0;
        wire.request(last, !hasBody, ask.method(), ask.path(), fields(ask));
        boolean abandoned = random.nextInt(8) == 0;
        if (hasBody) {
            int octets = abandoned ? random.nextInt(ask.body()) : ask.body();
            wire.data(last, !abandoned, "x".repeat(octets));
        }
        if (abandoned || !ask.isAnswered()) {
            wire.reset(last, CANCEL);
        } else {
            open.add(new Open(last, ask));
        }
    }

    private void end(Http2Wire wire, Open open) throws IOException {
        Ask ask = open.ask;
        if (ask.isEndless() || random.nextInt(10) == 0) {
            if (wire.begun(open.stream).status() != 0) {
                register.seen(ask.number());
            }
            wire.reset(open.stream, CANCEL);
            return;
        }
        Http2Stream answer;
        try {
            answer = wire.answer(open.stream);
        } catch (IOException e) {
            throw new IOException("no answer to " + ask, e);
        }
        register.seen(ask.number());
        ask.check(answer.status(), answer.body(), answer.isWhole());
    }

    private static String[] fields(Ask ask) {
        String secret = ask.key() == Ask.Key.MISSING ? "" : "Bearer " + ask.secret();
        return new String[] {
            secret.isEmpty() ? "x-no" : "authorization",
            secret,
            "x-request-id",
            Register.id(ask.number()),
            "x-forwarded-for",
            ask.client()
        };
    }
}
