package keygate.ship;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The Kubernetes objects of one folder under {@code k8s}: as the files have them, where nothing is patched; and, where
 * kubectl is installed, as it renders them. It has to be where the environment says {@code KEYGATE_PEERS=required}.
 */
record Manifests(String name, List<JsonNode> objects) {
    static final Path ROOT = Path.of("k8s");
    private static final String FILE = "kustomization.yaml";

    /** Every folder that can be deployed, in each way that it can be read here. */
    static List<Manifests> all() {
        return Once.ALL;
    }

    /** Reads and renders everything once for all tests, because kubectl takes its time. */
    private static final class Once {
        static final List<Manifests> ALL = load();

        private static List<Manifests> load() {
            try {
                boolean canRender = hasKubectl();
                if (!canRender && "required".equals(System.getenv("KEYGATE_PEERS"))) {
                    throw new IOException("kubectl is not installed");
                }
                List<Manifests> found = new ArrayList<>();
                for (Path folder : folders()) {
                    if (!isPatched(folder)) {
                        found.add(new Manifests(folder.toString(), read(folder)));
                    }
                    if (canRender) {
                        found.add(new Manifests(folder + " rendered", documents(rendered(folder))));
                    }
                }
                return List.copyOf(found);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static List<Path> folders() throws IOException {
        return files().stream()
                .filter(file -> file.endsWith(FILE))
                .map(Path::getParent)
                .toList();
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(ROOT)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static JsonNode kustomization(Path folder) throws IOException {
        return documents(Files.readString(folder.resolve(FILE))).get(0);
    }

    /** What follows {@code key} in a folder's kustomization, as paths. */
    static List<Path> named(Path folder, String key) throws IOException {
        return each(kustomization(folder).path(key))
                .map(entry -> entry.isTextual() ? entry : entry.path("path"))
                .map(entry -> folder.resolve(entry.asText()).normalize())
                .toList();
    }

    private static boolean hasKubectl() throws IOException {
        try {
            return code(run("kubectl", "version", "--client")) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    List<JsonNode> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    boolean has(String kind, String object) {
        return ofKind(kind).stream()
                .anyMatch(candidate -> candidate.at("/metadata/name").asText().equals(object));
    }

    /** The pods that Deployments make, as their templates. */
    List<JsonNode> pods() {
        return ofKind("Deployment").stream()
                .map(deployment -> deployment.at("/spec/template"))
                .toList();
    }

    /** All containers of a pod, sidecars first. */
    static List<JsonNode> containers(JsonNode pod) {
        return Stream.concat(each(pod.at("/spec/initContainers")), each(pod.at("/spec/containers")))
                .toList();
    }

    /** The one container of a pod that is Keygate. */
    static JsonNode keygate(JsonNode pod) {
        return containers(pod).stream()
                .filter(container -> container.path("name").asText().equals("keygate"))
                .findFirst()
                .orElseThrow();
    }

    /** The text of the configuration that a pod mounts. */
    String configuration(JsonNode pod) {
        return file(pod, "config", "keygate.yaml");
    }

    /** The text of a file in a pod's volume that is a ConfigMap. */
    String file(JsonNode pod, String volume, String name) {
        String map = volume(pod, volume).at("/configMap/name").asText();
        return ofKind("ConfigMap").stream()
                .filter(candidate -> candidate.at("/metadata/name").asText().equals(map))
                .map(candidate -> candidate.path("data").path(name).asText())
                .findFirst()
                .orElseThrow();
    }

    /** A pod's volume by its name. */
    static JsonNode volume(JsonNode pod, String name) {
        return each(pod.at("/spec/volumes"))
                .filter(volume -> volume.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isPatched(Path folder) throws IOException {
        boolean patched = !named(folder, "patches").isEmpty();
        for (Path resource : named(folder, "resources")) {
            patched |= Files.isDirectory(resource) && isPatched(resource);
        }
        return patched;
    }

    /** The objects that a folder names, and those of the folders that it names, as the files have them. */
    static List<JsonNode> read(Path folder) throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (Path resource : named(folder, "resources")) {
            objects.addAll(Files.isDirectory(resource) ? read(resource) : documents(Files.readString(resource)));
        }
        for (JsonNode generator : kustomization(folder).path("configMapGenerator")) {
            JsonNode map = configMap(folder, generator);
            objects.removeIf(object -> object.path("kind").equals(map.path("kind"))
                    && object.at("/metadata/name").equals(map.at("/metadata/name")));
            objects.add(map);
        }
        return objects;
    }

    private static JsonNode configMap(Path folder, JsonNode generator) throws IOException {
        ObjectNode map =
                new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").set("name", generator.path("name"));
        ObjectNode data = map.putObject("data");
        for (JsonNode file : generator.path("files")) {
            data.put(file.asText(), Files.readString(folder.resolve(file.asText())));
        }
        return map;
    }

    static List<JsonNode> documents(String text) {
        List<JsonNode> documents = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        new Yaml(new SafeConstructor(options))
                .loadAll(text)
                .forEach(document -> documents.add(mapper.valueToTree(document)));
        return documents;
    }

    private static String rendered(Path folder) throws IOException {
        Process process = run("kubectl", "kustomize", folder.toString());
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (code(process) != 0) {
            throw new IOException("kubectl cannot render " + folder);
        }
        return text;
    }

    private static int code(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static Process run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Override
    public String toString() {
        return name;
    }
}
