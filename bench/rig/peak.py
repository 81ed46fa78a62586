"""The most memory that a peer takes while it is under load."""

import contextlib
import threading

from rig import settings


@contextlib.contextmanager
def watched(child, into):
    """Adds it to a result."""
    sizes, over = [child.pss()], threading.Event()

    def look():
        while not over.wait(settings.LOOK):
            sizes.append(child.pss())

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    into["peak"] = max(sizes)
