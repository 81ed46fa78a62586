package keygate.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Kustomize tree is whole: what it names is there, what is there is named, and nothing stands in it twice. */
final class KustomizeTreeTest {
    static List<Manifests> all() {
        return Manifests.all();
    }

    private static List<Path> namedIn(Path folder) throws IOException {
        List<Path> named = new ArrayList<>(Manifests.named(folder, "resources"));
        named.addAll(Manifests.named(folder, "patches"));
        for (JsonNode generator : Manifests.kustomization(folder).path("configMapGenerator")) {
            Manifests.each(generator.path("files")).forEach(file -> named.add(folder.resolve(file.asText())));
        }
        return named;
    }

    @Test
    void theFoldersAreFound() throws IOException {
        assertThat(Manifests.folders())
                .extracting(folder -> Manifests.ROOT.relativize(folder).toString())
                .contains(
                        "base", "overlays/edge", "overlays/monitoring", "overlays/sidecar", "overlays/sidecar-socket");
    }

    @Test
    void everythingThatIsNamedExists() throws IOException {
        for (Path folder : Manifests.folders()) {
            assertThat(namedIn(folder)).as(folder.toString()).isNotEmpty().allSatisfy(named -> assertThat(
                            Files.isDirectory(named) ? named.resolve("kustomization.yaml") : named)
                    .exists());
        }
    }

    @Test
    void everyFileIsNamed() throws IOException {
        Set<Path> named = new HashSet<>();
        for (Path folder : Manifests.folders()) {
            named.add(folder.resolve("kustomization.yaml"));
            named.addAll(namedIn(folder));
        }
        assertThat(Manifests.files()).isNotEmpty().isSubsetOf(named);
    }

    @Test
    void everyPatchHasATarget() throws IOException {
        for (Path folder : Manifests.folders()) {
            Manifests base = new Manifests(folder.toString(), Manifests.read(folder));
            for (Path patch : Manifests.named(folder, "patches")) {
                JsonNode text = Manifests.documents(Files.readString(patch)).get(0);
                assertThat(base.has(
                                text.path("kind").asText(),
                                text.at("/metadata/name").asText()))
                        .as(patch.toString())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void noObjectStandsTwice(Manifests manifests) {
        assertThat(manifests.objects())
                .isNotEmpty()
                .extracting(object -> object.path("kind").asText() + " "
                        + object.at("/metadata/name").asText())
                .doesNotHaveDuplicates();
    }
}
