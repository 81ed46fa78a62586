package keygate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import keygate.find.Route;
import keygate.judge.Asks;
import keygate.judge.JudgeRule;
import keygate.judge.PermissionQuery;
import keygate.judge.Trust;
import org.jspecify.annotations.Nullable;

/** Reads what a route asks Unkey about a key, within the bounds that Unkey's own schema sets. */
final class QuestionReader {
    private static final long MAX_COST = 1_000_000_000_000L;
    private static final int MAX_TAGS = 20;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^}]*)}");

    private QuestionReader() {}

    static JudgeRule read(Section section, Route route, Trust trust, boolean free) {
        Field credits = section.at("credits");
        Long cost = credits.isPresent() ? (Long) credits.number(1, 0, MAX_COST) : null;
        Field named = section.at("ratelimits");
        List<Asks.Limit> limits = limits(named);
        if (free) {
            checkIsFree(section.own("credits"), cost != null && cost > 0);
            checkIsFree(section.own("ratelimits"), !limits.isEmpty());
            cost = 0L;
            limits = List.of();
        }
        Asks asks = new Asks(permissions(section.at("permissions")), cost, limits, free);
        return new JudgeRule(
                asks,
                tags(section.at("tags"), route),
                trust,
                section.at("clientIpAllowList").flag(false));
    }

    private static void checkIsFree(Field own, boolean costs) {
        if (own.isPresent() && costs) {
            own.fault(
                    "the route charges nothing (accounting: none), so this is never taken",
                    "set accounting to settled or exact, or remove this");
        }
    }

    private static @Nullable String permissions(Field field) {
        String query = field.text();
        if (query == null) {
            return null;
        }
        return field.parse(
                text -> {
                    PermissionQuery unused = PermissionQuery.parse(text);
                    return text;
                },
                query,
                "write permissions joined by AND and OR, as in 'pets.read AND (pets.list OR pets.admin)'");
    }

    private static List<Asks.Limit> limits(Field field) {
        List<Asks.Limit> limits = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Field item : field.items()) {
            Asks.Limit limit = limit(item);
            if (!limit.name().isEmpty() && !names.add(limit.name())) {
                item.fault(
                        "the limit '" + limit.name() + "' is named twice, and Unkey would take the last", "remove one");
            }
            limits.add(limit);
        }
        return limits;
    }

    private static Asks.Limit limit(Field item) {
        Section section = item.section();
        Field name = section.at("name");
        Field limit = section.at("limit");
        Field duration = section.at("duration");
        String text = name.required("name the limit");
        if (!text.isEmpty() && (text.length() < 3 || text.length() > 255)) {
            name.fault("a limit's name has 3 to 255 characters", "use the name that the limit has at Unkey");
        }
        if (limit.isPresent() != duration.isPresent()) {
            item.fault(
                    "an inline limit needs both 'limit' and 'duration'; Unkey ignores one without the other",
                    "give both, or neither to use the limit stored at Unkey");
        }
        long cost = section.at("cost").number(1, 0, Integer.MAX_VALUE);
        Long tokens = limit.isPresent() ? (Long) limit.number(1, 1, Integer.MAX_VALUE) : null;
        Duration window = duration.duration(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofDays(90));
        section.done();
        return new Asks.Limit(text, cost, tokens, duration.isPresent() ? (Long) window.toMillis() : null);
    }

    private static List<String> tags(Field field, Route route) {
        List<Field> items = field.items();
        if (items.size() > MAX_TAGS) {
            field.fault("there are " + items.size() + " tags; Unkey takes at most " + MAX_TAGS, "remove some");
        }
        List<String> tags = new ArrayList<>();
        for (Field item : items) {
            String tag = item.required("write a tag such as route={route}");
            String rendered = rendered(item, tag, route);
            if (rendered.length() > 512) {
                item.fault("the tag is longer than 512 characters", "shorten it");
            }
            tags.add(rendered);
        }
        return tags;
    }

    /** What is the same for every request of the route is filled in here; the method is left for later. */
    private static String rendered(Field item, String tag, Route route) {
        Matcher matcher = PLACEHOLDER.matcher(tag);
        while (matcher.find()) {
            if (!Set.of("route", "method", "path").contains(matcher.group(1))) {
                item.fault(
                        "'" + matcher.group() + "' is no placeholder",
                        "use {route}, {method} or {path}, which is the route's template");
            }
        }
        return tag.replace("{route}", route.name())
                .replace("{path}", route.path().text());
    }
}
