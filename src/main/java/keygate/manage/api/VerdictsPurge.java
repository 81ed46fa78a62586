package keygate.manage.api;

import keygate.judge.Memory;

/** {@code verdicts.purge}: forgets what is remembered of a key, of an identity's keys or of all. */
final class VerdictsPurge implements Operation {
    private final Running running;

    VerdictsPurge(Running running) {
        this.running = running;
    }

    @Override
    public String name() {
        return "verdicts.purge";
    }

    @Override
    public Shape takes() {
        return Shape.nothing()
                .text("keyId", 255)
                .text("externalId", 255)
                .yes("all")
                .exactlyOne();
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Answer answer(Input input) {
        return Answer.of(Json.object().put("purged", purge(input)));
    }

    private long purge(Input input) {
        Memory memory = running.memory();
        String keyId = input.text("keyId");
        String externalId = input.text("externalId");
        if (keyId != null) {
            return memory.purgeKey(keyId);
        }
        return externalId != null ? memory.purgeIdentity(externalId) : memory.purgeAll();
    }
}
