package keygate.judge;

import java.util.ArrayList;
import java.util.List;
import keygate.accept.Methods;

/**
 * A route's part of the judgement.
 *
 * @param asks what is asked about the key
 * @param tags analytics tags for Unkey, in which {@code {method}} stands for the request's method, or _OTHER; at most 20
 * @param trust how far remembered answers are trusted
 * @param byClientIp whether the answer depends on the client's address (the API has an IP allow-list)
 */
public record JudgeRule(Asks asks, List<String> tags, Trust trust, boolean byClientIp) {
    static final String METHOD = "{method}";

    public JudgeRule {
        tags = List.copyOf(tags);
    }

    List<String> tagsFor(String method) {
        if (tags.isEmpty()) {
            return tags;
        }
        // One that is too long for a tag would make Unkey refuse the question.
        String known = Methods.label(method);
        List<String> rendered = new ArrayList<>(tags.size());
        for (String tag : tags) {
            rendered.add(tag.replace(METHOD, known));
        }
        return rendered;
    }
}
