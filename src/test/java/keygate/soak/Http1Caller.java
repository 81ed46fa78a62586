package keygate.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import keygate.rig.Rig;
import keygate.rig.Wire;

/** Asks over HTTP/1.1: one after the other on a connection, several at once, and some that it does not stay for. */
final class Http1Caller {
    private static final int LARGEST = 100_000;

    private final Rig rig;
    private final Register register;
    private final Random random;

    Http1Caller(Rig rig, Register register, Random random) {
        this.rig = rig;
        this.register = register;
        this.random = random;
    }

    void run(int requests) throws IOException {
        int end = requests;
        while (end > 0) {
            try (Wire wire = rig.wire()) {
                for (boolean open = true; open && end > 0; end--) {
                    open = random.nextInt(6) == 0 ? several(wire) : one(wire);
                }
            }
        }
    }

    /** Whether the connection can be used again. */
    private boolean one(Wire wire) throws IOException {
        Ask ask = Ask.draw(random, register, LARGEST);
        if (ask.isEndless() || random.nextInt(8) == 0) {
            abandon(wire, ask);
            return false;
        }
        wire.send(head(ask) + body(ask));
        return read(wire, ask);
    }

    /** Without waiting for the answers in between. */
    private boolean several(Wire wire) throws IOException {
        List<Ask> asks = new ArrayList<>();
        StringBuilder all = new StringBuilder();
        for (int left = 2 + random.nextInt(3); left > 0; left--) {
            Ask ask = Ask.plain(random, register);
            asks.add(ask);
            all.append(head(ask));
        }
        wire.send(all.toString());
        int stays = random.nextInt(4) == 0 ? random.nextInt(asks.size()) : asks.size();
        boolean open = true;
        for (Ask ask : asks.subList(0, stays)) {
            open = open && read(wire, ask);
        }
        if (stays < asks.size()) {
            leave(wire);
        }
        return open && stays == asks.size();
    }

    private boolean read(Wire wire, Ask ask) throws IOException {
        Wire.Answer answer;
        try {
            answer = wire.read();
        } catch (IOException e) {
            throw new IOException("no answer to " + ask, e);
        }
        register.seen(ask.number());
        ask.check(answer.status(), answer.body(), answer.whole());
        return answer.whole() && !answer.header("connection").equals("close");
    }

    private void abandon(Wire wire, Ask ask) throws IOException {
        String head = head(ask);
        String body = body(ask);
        switch (random.nextInt(ask.isAnswered() ? 5 : 3)) {
            case 0 -> {
                register.headless();
                wire.send(head.substring(0, random.nextInt(head.length())));
            }
            case 1 -> wire.send(head + body.substring(0, random.nextInt(body.length() + 1)));
            case 2 -> wire.send(head + body);
            case 3 -> {
                wire.send(head + body);
                wire.readHead();
                register.seen(ask.number());
            }
            default -> {
                wire.send(head + body);
                wire.octets(1 + random.nextInt(40));
                register.seen(ask.number());
            }
        }
        leave(wire);
    }

    private void leave(Wire wire) throws IOException {
        if (random.nextBoolean()) {
            wire.reset();
        } else {
            wire.close();
        }
    }

    private static String head(Ask ask) {
        String key = ask.key() == Ask.Key.MISSING ? "X-No: key" : "Authorization: Bearer " + ask.secret();
        String id = "X-Request-Id: " + Register.id(ask.number());
        String client = "X-Forwarded-For: " + ask.client();
        String framing = ask.body() == 0
                ? "X-No: body"
                : ask.announced() ? "Content-Length: " + ask.body() : "Transfer-Encoding: chunked";
        return Rig.request(ask.method(), ask.path(), key, id, client, framing);
    }

    private static String body(Ask ask) {
        String octets = "x".repeat(ask.body());
        if (ask.announced() || ask.body() == 0) {
            return octets;
        }
        int half = ask.body() / 2;
        return chunk(octets.substring(0, half)) + chunk(octets.substring(half)) + "0\r\n\r\n";
    }

    private static String chunk(String octets) {
        return octets.isEmpty() ? "" : Integer.toHexString(octets.length()) + "\r\n" + octets + "\r\n";
    }
}
