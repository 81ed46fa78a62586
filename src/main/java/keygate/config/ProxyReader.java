package keygate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import keygate.proxy.ProxyRule;
import keygate.proxy.ProxyRule.Mirrored;
import keygate.proxy.ProxyRule.Retries;
import keygate.proxy.ProxyRule.Share;
import keygate.proxy.ProxyRule.Streams;
import keygate.proxy.ProxyRule.Timeouts;
import keygate.proxy.Upstream;
import org.jspecify.annotations.Nullable;

/** Reads where a route leads, how long it waits and how much it takes. */
final class ProxyReader {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration MIN_REVERIFY = Duration.ofMillis(10);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final long GIBI = 1L << 30;

    private final Map<String, Upstream> upstreams;

    ProxyReader(Map<String, Upstream> upstreams) {
        this.upstreams = upstreams;
    }

    /** @param complete whether it is a route, which must lead somewhere */
    ProxyRule read(Section section, boolean complete) {
        return new ProxyRule(
                shares(section, complete),
                mirror(section.at("mirror")),
                timeouts(section.at("timeouts").section()),
                section.at("maxBody").bytes(GIBI, 0, 1024 * 1024 * GIBI),
                section.at("minBodyRate").size(100, 0, 1024 * 1024 * 1024),
                retries(section.at("retries").section()),
                section.at("websocket").flag(true),
                streams(section.at("streams").section()));
    }

    private List<Share> shares(Section section, boolean complete) {
        Field split = section.own("split");
        Field own = section.own("upstream");
        if (split.isPresent() && own.isPresent()) {
            split.fault("both 'split' and 'upstream' say where the route leads", "remove one");
        }
        if (!split.isPresent() && !own.isPresent()) {
            split = section.at("split");
        }
        if (split.isPresent()) {
            return split(split);
        }
        Upstream upstream = upstream(section.at("upstream"), complete);
        return upstream == null ? List.of() : List.of(new Share(upstream, 1));
    }

    private List<Share> split(Field field) {
        List<Share> shares = new ArrayList<>();
        boolean nobody = true;
        for (Field item : field.items()) {
            Section section = item.section();
            Upstream upstream = upstream(section.at("upstream"), true);
            int weight = section.at("weight").integer(1, 0, 1_000_000);
            section.done();
            nobody &= weight == 0;
            if (upstream != null && weight > 0) {
                shares.add(new Share(upstream, weight));
            }
        }
        if (nobody) {
            field.fault("no upstream has a share", "add some, as in 'split: [{upstream: api, weight: 9}]'");
        }
        return shares;
    }

    private @Nullable Mirrored mirror(Field field) {
        if (!field.isPresent()) {
            return null;
        }
        Section section = field.section();
        Upstream upstream = upstream(section.at("upstream"), true);
        int percent = section.at("percent").integer(100, 0, 100);
        section.done();
        return upstream == null ? null : new Mirrored(upstream, percent);
    }

    private static Timeouts timeouts(Section section) {
        Timeouts timeouts = new Timeouts(
                section.at("response").duration(Duration.ofSeconds(30), TICK, HOUR),
                section.at("idle").duration(Duration.ofSeconds(60), TICK, HOUR),
                section.at("total").duration(HOUR, TICK, DAY));
        section.done();
        return timeouts;
    }

    private static Retries retries(Section section) {
        Set<Integer> statuses = new HashSet<>();
        for (Field item : section.at("statuses").items()) {
            statuses.add(item.integer(503, 500, 599));
        }
        Retries retries = new Retries(
                section.at("attempts").integer(1, 0, 10),
                section.at("idempotent").flag(false),
                statuses);
        section.done();
        return retries;
    }

    private static Streams streams(Section section) {
        Field reverify = section.at("reverify");
        Field charge = section.at("charge");
        Streams streams = new Streams(
                reverify.isPresent() ? reverify.duration(Duration.ofMinutes(1), MIN_REVERIFY, DAY) : null,
                charge.choice(Streams.Charge.class, Streams.Charge.NONE));
        if (streams.charge() != Streams.Charge.NONE && !reverify.isPresent()) {
            charge.fault(
                    "a stream is charged when its key is judged again, which this route never does",
                    "set streams.reverify, such as 1m");
        }
        section.done();
        return streams;
    }

    private @Nullable Upstream upstream(Field field, boolean needed) {
        List<String> names = List.copyOf(upstreams.keySet());
        String name = needed ? field.required("name one of the upstreams: " + String.join(", ", names)) : field.text();
        if (name == null || name.isEmpty()) {
            return null;
        }
        Upstream upstream = upstreams.get(name);
        if (upstream == null && !names.isEmpty()) {
            field.fault("there is no upstream '" + name + "'", Spelling.suggest(name, names));
        }
        return upstream;
    }
}
