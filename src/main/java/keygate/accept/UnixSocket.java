package keygate.accept;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The file that a Unix socket listener is known by. Every method but {@link #at} blocks. */
public final class UnixSocket {
    private static final int KIND = 0170000;
    private static final int SOCKET = 0140000;

    private UnixSocket() {}

    /**
     * Does something with the file, off the event loop.
     *
     * @param path null where there is none, and nothing to do
     */
    public static Future<Void> at(Vertx vertx, @Nullable Path path, Consumer<Path> action) {
        return path == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(() -> {
                    action.accept(path);
                    return null;
                });
    }

    /**
     * Makes room for a socket: what a dead process has left is removed.
     *
     * @throws CannotListen where somebody listens there, or where the file is of another kind
     */
    public static void prepare(Path path) {
        String where = "unix:" + path;
        try {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & KIND) != SOCKET) {
                throw new CannotListen(where, "the file is no socket; remove it, or choose another path");
            }
            if (isAlive(path)) {
                throw new CannotListen(where, "another process listens there; end it, or choose another path");
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new CannotListen(where, "the file that is there cannot be removed (" + e + ")");
        }
    }

    private static boolean isAlive(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException refused) {
            return false;
        }
    }

    /** Lets the owner and the group connect, and nobody else. */
    public static void protect(Path path) {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException e) {
            throw new CannotListen("unix:" + path, "its mode cannot be set (" + e + ")");
        }
    }

    /** Removes the file of a listener that was closed, if that has not been done. */
    public static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It is replaced by the next start, as any that is left behind.
        }
    }
}
