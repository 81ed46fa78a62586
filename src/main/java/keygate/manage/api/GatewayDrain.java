package keygate.manage.api;

/** {@code gateway.drain}: begins to stop, so that whoever sends requests goes elsewhere. There is no way back. */
final class GatewayDrain implements Operation {
    private final Running running;

    GatewayDrain(Running running) {
        this.running = running;
    }

    @Override
    public String name() {
        return "gateway.drain";
    }

    @Override
    public Shape takes() {
        return Shape.nothing();
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Answer answer(Input input) {
        running.drain();
        return Answer.of(Json.object().put("ready", false).put("inFlight", running.inFlight()));
    }
}
