package keygate.manage.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import keygate.accept.Ask;
import keygate.find.NearMiss;
import keygate.find.Route;
import keygate.find.RouteTable;
import keygate.judge.Code;
import keygate.judge.KeyFacts;
import keygate.judge.PermissionQuery;
import keygate.judge.Verdict;
import keygate.judge.Verification;
import keygate.limit.Decision;
import keygate.limit.Item;
import keygate.proxy.ProxyRule;
import keygate.proxy.Upstreams;
import org.jspecify.annotations.Nullable;

/** Writes an explanation, step by step as far as the request comes. Names of fields, and no value that was sent. */
final class ExplanationJson {
    private static final String CHARGED_BY_CALL =
            "Unkey was asked at no cost; for such a request it would be asked, and would charge it.";
    private static final String NOT_CHARGED =
            "Unkey was asked at no cost; for such a request it would be asked, and would charge nothing.";

    private ExplanationJson() {}

    static ObjectNode of(Explanation explained) {
        ObjectNode json = Json.object();
        Ask ask = explained.ask();
        if (ask != null) {
            json.set("accept", accepted(ask));
            json.set("find", found(explained));
        }
        Running.Served served = explained.served();
        if (served != null) {
            ObjectNode identified = json.putObject("identify")
                    .put("auth", RoutesList.word(served.identify().auth()));
            Json.put(
                    identified,
                    "place",
                    explained.place() == null ? null : explained.place().label());
            identified.put("enforce", served.enforce());
            if (explained.place() != null) {
                json.set("judge", judged(explained, served));
            }
            if (!explained.items().isEmpty() || explained.sent() != null) {
                json.set("limit", limited(explained, served));
            }
        }
        Explanation.Sent sent = explained.sent();
        if (sent != null && served != null) {
            json.set("modify", modified(sent));
            json.set("proxy", proxied(served.proxy(), explained.upstreams()));
        }
        json.set("outcome", outcome(explained.outcome()));
        return json;
    }

    private static ObjectNode accepted(Ask ask) {
        return Json.object()
                .put("method", ask.method())
                .put("scheme", ask.scheme())
                .put("host", ask.host())
                .put("path", ask.target().path())
                .put("client", ask.client().ip())
                .put("peer", ask.client().peer())
                .put("peerTrusted", ask.client().peerTrusted());
    }

    private static ObjectNode found(Explanation explained) {
        ObjectNode json = Json.object();
        if (explained.served() != null) {
            json.set("route", route(explained.served().route()));
        }
        json.put("precedence", RouteTable.PRECEDENCE);
        json.set("near", Json.list(explained.near(), ExplanationJson::near));
        return json;
    }

    private static ObjectNode route(Route route) {
        ObjectNode json = Json.object()
                .put("name", route.name())
                .put("host", route.host().toString())
                .put("path", route.path().text());
        json.set("methods", Json.texts(route.methods()));
        return json;
    }

    private static ObjectNode near(NearMiss miss) {
        ObjectNode json = route(miss.route()).put("why", RoutesList.word(miss.why()));
        Json.put(json, "at", miss.at().isEmpty() ? null : miss.at());
        return json;
    }

    private static ObjectNode judged(Explanation explained, Running.Served served) {
        Verdict verdict = explained.verdict();
        ObjectNode json = Json.object()
                .put("verdict", verdict.source().label())
                .put("ageMs", verdict.age().toMillis())
                .put("asked", explained.asked());
        if (explained.asked()) {
            boolean charged = explained.decision().charge() == Decision.Charge.CALL;
            json.put("note", charged ? CHARGED_BY_CALL : NOT_CHARGED);
        }
        Verification verification = verdict.verification();
        Json.put(json, "unkeyRequestId", verification == null ? null : verification.requestId());
        if (verification instanceof Verification.NoAnswer none) {
            json.put("why", none.note());
        }
        Verification.Answer answer = verdict.answer();
        if (answer != null) {
            KeyFacts.Identity identity = answer.key().identity();
            json.put("code", answer.code().label());
            Json.put(json, "keyId", answer.key().keyId());
            Json.put(json, "externalId", identity == null ? null : identity.externalId());
        }
        String query = served.judge().asks().permissions();
        if (query != null) {
            json.set("permissions", permissions(query, answer));
        }
        return json;
    }

    /** Unkey decides, and tells what the key has. */
    private static ObjectNode permissions(String query, Verification.@Nullable Answer answer) {
        ObjectNode json = Json.object().put("query", query);
        if (answer == null) {
            return json;
        }
        if (answer.code() == Code.VALID || answer.code().isSpent()) {
            json.put("satisfied", true);
        } else if (answer.code() == Code.INSUFFICIENT_PERMISSIONS) {
            json.put("satisfied", false);
            List<String> missing = PermissionQuery.names(query).stream()
                    .filter(name -> !answer.key().permissions().contains(name))
                    .toList();
            json.set("missing", Json.texts(missing));
        }
        return json;
    }

    private static ObjectNode limited(Explanation explained, Running.Served served) {
        ObjectNode json = Json.object()
                .put("accounting", RoutesList.word(served.accounting()))
                .put("charge", explained.decision().charge().label());
        List<Item> limits = explained.items().stream()
                .filter(item -> !item.name().isEmpty())
                .toList();
        json.set("ratelimits", Json.list(limits, item -> item(item)
                .put("name", item.name())
                .put("limit", item.limit())
                .put("duration", item.window())
                .put("resetsInMs", Math.max(0, item.reset() - explained.now()))));
        explained.items().stream()
                .filter(item -> item.name().isEmpty())
                .forEach(balance -> json.set("credits", item(balance)));
        return json;
    }

    private static ObjectNode item(Item item) {
        ObjectNode json = Json.object().put("cost", item.cost()).put("fits", item.fits());
        Json.put(json, "remaining", item.remaining());
        return json;
    }

    private static ObjectNode modified(Explanation.Sent sent) {
        String uri = sent.head().uri();
        int question = uri.indexOf('?');
        ObjectNode json = Json.object().put("path", question < 0 ? uri : uri.substring(0, question));
        json.put("query", question >= 0);
        Json.put(json, "host", sent.head().host().isEmpty() ? null : sent.head().host());
        json.set("removed", Json.texts(sent.removed()));
        json.set("added", Json.list(sent.added(), field -> Json.object()
                .put("name", field.name())
                .put("value", field.value())));
        return json;
    }

    private static ObjectNode proxied(ProxyRule rule, Upstreams upstreams) {
        ObjectNode json = Json.object();
        json.set("upstreams", Json.list(rule.shares(), share -> RoutesList.upstream(share.upstream(), upstreams)
                .put("weight", share.weight())));
        json.putObject("timeoutsMs")
                .put("response", rule.timeouts().response().toMillis())
                .put("idle", rule.timeouts().idle().toMillis())
                .put("total", rule.timeouts().total().toMillis());
        return json.put("maxBody", rule.maxBody());
    }

    private static ObjectNode outcome(Explanation.Outcome outcome) {
        boolean served = outcome.step() == null || outcome.shadow() != null;
        ObjectNode json = Json.object()
                .put("served", served)
                .put("reason", outcome.reason().code());
        if (!served) {
            json.put("status", outcome.reason().status());
        }
        Json.put(json, "step", outcome.step());
        Json.put(
                json,
                "shadow",
                outcome.shadow() == null ? null : outcome.shadow().code());
        Json.put(json, "detail", outcome.detail());
        return json;
    }
}
