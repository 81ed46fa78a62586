package keygate.emulator;

import java.util.List;
import java.util.stream.Collectors;
import keygate.emulator.seed.Mistake;

/** A file that describes a world has mistakes. The message lists them all, one per line. */
public final class WorldException extends RuntimeException {
    private final transient List<Mistake> mistakes;

    WorldException(String sourceName, List<Mistake> mistakes) {
        super(mistakes.stream().map(mistake -> sourceName + ":" + mistake).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    /** All mistakes, in the order of the file. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
