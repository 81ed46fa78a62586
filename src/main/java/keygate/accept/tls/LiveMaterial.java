package keygate.accept.tls;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The material of some files as it is now, and who must hear when it changes. Safe for every thread. */
public final class LiveMaterial {
    private final TlsFiles files;
    private final List<Function<Material, Future<Boolean>>> users = new CopyOnWriteArrayList<>();
    private volatile Material current;
    /** What was wrong with the files at the last look. */
    private volatile String doubted = "";
    /** The last state of the files that was refused, which is said once. */
    private volatile String refused = "";

    LiveMaterial(TlsFiles files, Material first) {
        this.files = files;
        this.current = first;
    }

    TlsFiles files() {
        return files;
    }

    /** What is used now. */
    public Material current() {
        return current;
    }

    /**
     * Names one who was made with a material and can change to another.
     *
     * @param madeWith if it is not the current one any more, the change comes at once
     * @return ends it: nothing is heard of changes from then on
     */
    public Runnable onChange(Material madeWith, Function<Material, Future<Boolean>> change) {
        users.add(change);
        Material now = current;
        if (!now.isSame(madeWith)) {
            Future<Boolean> unused = change.apply(now);
        }
        return () -> users.remove(change);
    }

    /**
     * Gives the current material to one who can change to any, now and whenever it changes.
     *
     * @return ends it: nothing is heard of changes from then on
     */
    public Runnable into(Function<Material, Future<Boolean>> change) {
        Material now = current;
        Future<Boolean> unused = change.apply(now);
        return onChange(now, change);
    }

    /** Changes all who use it. Fails where one of them cannot change. */
    Future<Void> replace(Material material) {
        current = material;
        nothingIsWrong();
        return Future.join(users.stream().map(user -> user.apply(material)).toList())
                .mapEmpty();
    }

    /** The files were read, and are sound. */
    void nothingIsWrong() {
        doubted = "";
        refused = "";
    }

    /**
     * Whether the files are to be refused now, after a look that found this wrong with them: at the second such look in a
     * row, because the first may have come amid a change, with the new certificate and the old key.
     */
    boolean isRefused(String why) {
        boolean again = why.equals(doubted);
        boolean said = why.equals(refused);
        doubted = why;
        refused = again ? why : "";
        return again && !said;
    }
}
