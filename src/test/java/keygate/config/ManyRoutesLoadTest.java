package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Ten thousand routes load, and are compared with those they may clash with only. */
final class ManyRoutesLoadTest {
    private static final int MANY = 10_000;

    @Test
    void tenThousandRoutesLoadInTheOrderOfTheFile() {
        StringBuilder text = new StringBuilder(Texts.LEAST).append("defaults: {upstream: api, tags: [a]}\nroutes:\n");
        for (int i = 0; i < MANY; i++) {
            text.append("  - {path: \"/v1/things")
                    .append(i)
                    .append("/{id}\", methods: [GET, PUT], name: r")
                    .append(i);
            text.append(", host: h").append(i % 10).append(".example.com, timeouts: {idle: 5s}}\n");
        }

        List<Rule> rules = Texts.load(text.toString()).rules();

        assertThat(rules).hasSize(MANY);
        for (int i = 0; i < MANY; i += 999) {
            assertThat(rules.get(i).route().name()).isEqualTo("r" + i);
            assertThat(rules.get(i).proxy().timeouts().idle()).hasSeconds(5);
        }
    }

    /** So that what a request reads of its route is mostly in the processor's caches. */
    @Test
    void routesShareWhatTheyHaveInCommon() {
        String some = "  - {path: /a, methods: [GET]}\n  - {path: /b}\n  - {path: /c, timeouts: {idle: 5s}}\n";
        List<Rule> rules = Texts.load(Texts.LEAST + "defaults: {upstream: api}\nroutes:\n" + some)
                .rules();

        Rule first = rules.get(0);
        assertThat(rules.get(1).identify()).isSameAs(first.identify());
        assertThat(rules.get(1).judge()).isSameAs(first.judge());
        assertThat(rules.get(1).modify()).isSameAs(first.modify());
        assertThat(rules.get(1).proxy()).isSameAs(first.proxy());
        assertThat(rules.get(2).proxy()).isNotEqualTo(first.proxy());
    }

    /** Each with every earlier one would be fifty million comparisons, and as many faults. */
    @Test
    void tenThousandOfTheSameAreReportedOnceEach() {
        StringBuilder text = new StringBuilder(Texts.LEAST).append("defaults: {upstream: api}\nroutes:\n");
        text.append("  - {path: /a}\n".repeat(MANY));

        List<Fault> faults = Texts.faults(text.toString());

        assertThat(faults).hasSize(MANY - 1);
        assertThat(faults).extracting(Fault::path).doesNotHaveDuplicates();
        assertThat(faults.get(MANY - 2).path()).isEqualTo("routes[9999]");
    }

    @Test
    void oneClashAmongTenThousandIsFound() {
        StringBuilder text = new StringBuilder(Texts.LEAST).append("defaults: {upstream: api}\nroutes:\n");
        for (int i = 0; i < MANY; i++) {
            text.append("  - {path: /a").append(i == MANY - 1 ? 17 : i).append("}\n");
        }

        List<Fault> faults = Texts.faults(text.toString());

        assertThat(faults).extracting(Fault::path).containsExactly("routes[9999]");
        assertThat(faults.get(0).problem()).contains("routes[17]");
    }
}
