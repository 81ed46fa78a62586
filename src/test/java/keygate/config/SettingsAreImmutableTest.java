package keygate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings cannot change once they are read, and can be printed without giving the root key away. */
final class SettingsAreImmutableTest {
    private static Settings sample() throws Exception {
        return Texts.load(Files.readString(Path.of("conf/keygate.yaml")));
    }

    @Test
    void noCollectionCanBeChanged() throws Exception {
        List<Collection<?>> found = new ArrayList<>();
        collect(sample(), found);

        assertThat(found).hasSizeGreaterThan(20).allSatisfy(each -> {
            assertThatThrownBy(() -> each.add(null)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(each::clear).isInstanceOf(UnsupportedOperationException.class);
        });
    }

    @Test
    void everyFieldIsFinal() throws Exception {
        List<Class<?>> types = List.of(
                Settings.class,
                Rule.class,
                sample().unkey().rootKey().getClass(),
                sample().server().trustedHops().getClass());

        assertThat(types).allSatisfy(type -> assertThat(type.getDeclaredFields())
                .allMatch(field -> Modifier.isFinal(field.getModifiers())));
    }

    @Test
    void theRootKeyIsNotPrinted() throws Exception {
        Settings settings = sample();

        assertThat(settings.toString()).contains("rootKey=***").doesNotContain(Texts.ROOT_KEY);
        assertThat(settings.unkey().toString()).doesNotContain(Texts.ROOT_KEY);
    }

    private static void collect(Object value, List<Collection<?>> found) throws ReflectiveOperationException {
        if (value instanceof Collection<?> collection) {
            found.add(collection);
            for (Object member : collection) {
                collect(member, found);
            }
        } else if (value instanceof Record) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                Object part = component.getAccessor().invoke(value);
                if (part != null) {
                    collect(part, found);
                }
            }
        }
    }
}
