"""How each peer is configured and started."""

import contextlib
import pathlib
import shutil
import subprocess
import tempfile
import time

from rig import build, procs, settings
from rig.http import await_200, free_ports
from rig.procs import Child
from rig.scenarios import GROUPS
from rig.settings import BENCH, ROOT


class Peer:
    """One of those compared, for one configuration."""

    def __init__(self, name, group, rig, work):
        self.name = name
        self.title, self.jvm, _ = settings.PEERS[name]
        self.group = group
        # Processes of other groups may run beside it.
        self.files = f"{group}-{name}"
        self.routes, to_file = GROUPS[group]
        self.rig = rig
        self.work = work
        self.port, self.management, spare = free_ports(3)
        # nginx before 1.25.1 speaks nothing but HTTP/2 where it speaks that.
        self.h2_port = self.port if self.jvm else spare
        self.log = work / f"{self.files}.access" if to_file else "/dev/null"
        self.child = None

    def start(self, core):
        """Starts it; returns the seconds until its first 200."""
        argv = getattr(self, f"_{self.name}")()
        out = self.log if self.name == "keygate" else self.work / f"{self.files}.out"
        begin = time.monotonic()
        self.child = Child(self.title, argv, core, out, self.work / f"{self.files}.err")
        return await_200(self.child, self.port, "/r0/small", "good-0000000") - begin

    def stop(self):
        if self.child:
            self.child.stop()

    def empty_log(self):
        """What was logged is of no use, and takes memory."""
        if self.log != "/dev/null" and self.log.exists():
            with open(self.log, "r+b") as log:
                log.truncate(0)

    def _keygate(self):
        return ["java", *jvm_flags(), "-jar", ROOT / "target/keygate.jar", "run", "--config", self.keygate_file()]

    def keygate_file(self):
        """Writes Keygate's configuration."""
        lines = [
            f"server: {{host: 127.0.0.1, port: {self.port}, eventLoops: 1}}",
            f"management: {{host: 127.0.0.1, port: {self.management}}}",
            f"unkey: {{url: 'http://127.0.0.1:{self.rig.unkey}', rootKey: {settings.ROOT_KEY}, maxConnections: 512,",
            "  maxPending: 4096}",
            f"verdicts: {{fresh: {settings.FRESH}s, stale: {settings.STALE}s, maxEntries: {settings.ENTRIES}}}",
            "upstreams:",
            f"  backend: {{url: 'http://127.0.0.1:{self.rig.backend}', maxConnections: 512}}",
            "defaults: {upstream: backend}",
            "routes:",
            *(f"  - {{name: r{i}, path: /r{i}/**}}" for i in range(self.routes)),
            "  - {name: exact, path: /r0/exact, accounting: exact}",
        ]
        return self._write(f"{self.files}.yaml", "\n".join(lines) + "\n")

    def _pipe(self):
        return ["java", *jvm_flags(), "-cp", _class_path("pipe"), "bench.Pipe", self.port, self.rig.backend]

    def _spring(self):
        return [
            "java", *jvm_flags(), *settings.SPRING_JVM, f"-Dbench.log={self.log}", "-cp", _class_path("spring"),
            "bench.Application", "--server.address=127.0.0.1", f"--server.port={self.port}",
            "--server.http2.enabled=true", "--spring.main.banner-mode=off", f"--bench.routes={self.routes}",
            f"--bench.backend=http://127.0.0.1:{self.rig.backend}", f"--bench.unkey=http://127.0.0.1:{self.rig.unkey}",
            f"--bench.rootKey={settings.ROOT_KEY}", f"--bench.entries={settings.ENTRIES}",
            f"--bench.fresh={settings.FRESH}s", f"--bench.stale={settings.STALE}s"]

    def _proxy(self):
        return self._nginx("", "", "    set $key_id \"\";")

    def _auth(self):
        return self._nginx("", _template("auth.http.conf"), _template("auth.server.conf"))

    def _lua(self):
        load = "\n".join(f"load_module {build.modules()}/{module}.so;"
                         for module in ("ndk_http_module", "ngx_http_lua_module"))
        return self._nginx(load, _template("lua.http.conf"), _template("lua.server.conf"))

    def _nginx(self, load, http, server):
        locations = "\n".join(
            f"    location /r{i}/ {{\n      proxy_pass http://backend;\n    }}" for i in range(self.routes))
        text = _template("main.conf")
        for name, value in {
            "LOAD_MODULES": load, "HTTP": http, "SERVER": server, "LOCATIONS": locations, "WORK": self.work,
            "NAME": self.files, "LOG": self.log, "PORT": self.port, "H2PORT": self.h2_port, "BACKEND": self.rig.backend,
            "UNKEY": self.rig.unkey, "PEERS": BENCH / "peers", "FRESH": settings.FRESH, "STALE": settings.STALE,
            "ROOT_KEY": settings.ROOT_KEY,
        }.items():
            text = text.replace(f"@{name}@", str(value))
        file = self._write(f"{self.files}.conf", text)
        return [build.NGINX, "-p", self.work, "-c", file, "-e", "stderr"]

    def _write(self, name, text):
        file = self.work / name
        file.write_text(text)
        return file


class Rig:
    """The backend and the stub of Unkey."""

    def __init__(self, work):
        self.work = work
        self.backend, self.unkey = free_ports(2)

    def start(self, core):
        (self.work / "mib.bin").write_bytes(b"\0" * 1024 * 1024)
        text = (BENCH / "load/rig.conf").read_text()
        for name, value in {
            "MODULES": build.modules(), "WORK": self.work, "LOAD": BENCH / "load", "BACKEND": self.backend,
            "UNKEY": self.unkey, "SMALL": '{"answer":"' + "x" * 187 + '"}',
        }.items():
            text = text.replace(f"@{name}@", str(value))
        file = self.work / "rig.conf"
        file.write_text(text)
        child = Child("the rig", [build.NGINX, "-p", self.work, "-c", file, "-e", "stderr"], core,
                      self.work / "rig.out", self.work / "rig.err")
        await_200(child, self.backend, "/", None, 10)
        return child


@contextlib.contextmanager
def rigged(core):
    """A rig that runs on a core, and a folder in memory for what processes write; both are gone afterwards."""
    memory = pathlib.Path("/dev/shm")
    work = pathlib.Path(tempfile.mkdtemp(prefix="keygate-bench-", dir=memory if memory.is_dir() else None))
    # nginx gives its workers to another user when root starts it.
    work.chmod(0o755)
    try:
        rig = Rig(work)
        rig.start(core)
        yield rig, work
    finally:
        procs.stop_all()
        shutil.rmtree(work, ignore_errors=True)


def _template(name):
    return (BENCH / "peers/nginx" / name).read_text()


def _class_path(module):
    target = BENCH / "peers" / module / "target"
    return f"{target}/peer.jar:{target}/lib/*"


def java_version():
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr
    return told.splitlines()[0].split('"')[1]


def jvm_flags():
    major = int(java_version().split(".")[0])
    return settings.JVM + (settings.JVM_24 if major >= 24 else [])
