package keygate.manage.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code config.get}: the configuration in force, with the file's own keys and without any secret. */
final class ConfigGet implements Operation {
    private final Running running;

    ConfigGet(Running running) {
        this.running = running;
    }

    @Override
    public String name() {
        return "config.get";
    }

    @Override
    public Shape takes() {
        return Shape.nothing();
    }

    @Override
    public Answer answer(Input input) {
        try {
            return Answer.of(Json.read(running.inForce().shown().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("the configuration is shown as JSON", e);
        }
    }
}
