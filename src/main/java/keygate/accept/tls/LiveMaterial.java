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
        refused = "";
        return Future.join(users.stream().map(user -> user.apply(material)).toList())
                .mapEmpty();
    }

    /** Whether this state of the files was not refused just before. */
    boolean refusedFirst(String why) {
        boolean first = !why.equals(refused);
        refused = why;
        return first;
    }
}
