"""What the image runs, beside an application: how soon it answers, and the memory it takes."""

import os
import pathlib
import re
import time

from rig import build, load, machine, peak, peers, settings
from rig.http import await_200
from rig.procs import Child
from rig.scenarios import named
from rig.settings import BENCH, ROOT, TARGET
from rig.table import table

INTRO = """\
Written by `bench/run --sidecar`: the program as the image has it, laid out by `src/docker/assemble` with its trimmed
Java, its options and its AOT cache, with the flags of the Dockerfile and, for comparison, with all compilers. It may use
all cores. Figures are medians over the starts, with the least and the most. Memory is PSS.
"""

# The image's own flags first.
ALL_COMPILERS = "-XX:TieredStopAtLevel=4"


def run(options):
    """Measures it and writes its table."""
    place = TARGET / "image"
    _need_25()
    build.image(place)
    shipped = re.search(r'JDK_JAVA_OPTIONS="([^"]*)"', (ROOT / "Dockerfile").read_text()).group(1)
    starts = 1 if options.smoke else settings.SIDECAR_STARTS
    columns = {}
    with peers.rigged(options.rig_core) as (rig, work):
        for flags in (shipped, ALL_COMPILERS):
            columns[flags] = [_start(place, flags, rig, work, options) for _ in range(starts)]
    _write(columns, options)


def _need_25():
    release = pathlib.Path(os.environ.get("JAVA_HOME", ""), "release")
    told = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.exists() else None
    if not told or int(told.group(1)) < 25:
        raise SystemExit("JAVA_HOME must name a JDK 25 or later: the image runs on it")


def _start(place, flags, rig, work, options):
    peer = peers.Peer("keygate", "base", rig, work)
    rate, seconds = settings.SIDECAR_LOAD
    argv = [place / "java/bin/java", f"-XX:MaxRAM={settings.SIDECAR_MEMORY}", f"@{place / 'jvm.options'}", flags,
            "-jar", place / "keygate.jar", "run", "--config", peer.keygate_file()]
    begin = time.monotonic()
    # Its options name files of the folder it runs in.
    child = Child("the image's program", ["env", "-C", place, *argv], f"{options.gateway_core},{options.rig_core}",
                  "/dev/null", work / "image.err")
    try:
        found = {"first": await_200(child, peer.port, "/r0/small", "good-0000000") - begin, "cpu": child.cpu()}
        time.sleep(1 if options.smoke else settings.SIDECAR_IDLE)
        found["idle"] = child.pss()
        seconds = 2 if options.smoke else seconds
        with peak.watched(child, found):
            # Twice: what comes first waits for the compiler.
            for _ in range(2):
                found |= load.open_loop(peer.port, named("hot"), seconds, rate, options.rig_core)
        found["after"] = child.pss()
        print(f"  {flags} first 200 after {found['first']:.2f} s, {found['peak'] / 2**20:.0f} MiB under load", flush=True)
        return found
    finally:
        child.stop()


def _write(columns, options):
    rate, seconds = settings.SIDECAR_LOAD
    rows = [_row(what, columns, name, scale, form) for what, name, scale, form in (
        ("First 200 after start, s", "first", 1, "{:.2f}"),
        ("Processor time until then, s", "cpu", 1, "{:.2f}"),
        ("Idle, MiB", "idle", 2**20, "{:.0f}"),
        (f"Most in {2 * seconds} s at {rate:,} requests/s, MiB", "peak", 2**20, "{:.0f}"),
        ("Afterwards, MiB", "after", 2**20, "{:.0f}"),
        (f"p50 in the latter {seconds} s, ms", "p50", 1000, "{:.2f}"), ("p99, ms", "p99", 1000, "{:.2f}"), ("p99.9, ms", "p999", 1000, "{:.2f}"),
        ("Requests that went wrong", "wrong", 1, "{:.0f}"))]
    about = {**machine.describe(options), **machine.versions("Keygate"), "Memory of the pod": settings.SIDECAR_MEMORY}
    parts = ["# Sidecar", INTRO]
    if options.smoke:
        parts.append("**This was not a whole run: its figures show that it works, and nothing else.**\n")
    parts += [table(["", ""], [[name, value] for name, value in about.items()]),
              table(["", *(f"`{flags}`" for flags in columns)], rows)]
    file = (TARGET if options.smoke else BENCH) / "SIDECAR.md"
    file.write_text("\n".join(parts), encoding="utf-8")
    print(f"report: {os.path.relpath(file)}")


def _row(what, columns, name, scale, form):
    row = [what]
    for found in columns.values():
        values = sorted(_value(one, name) / scale for one in found)
        row.append(f"{form} ({form}–{form})".format(values[len(values) // 2], values[0], values[-1]))
    return row


def _value(found, name):
    return sum(found[part] for part in ("errors", "refused", "unfinished")) if name == "wrong" else found[name]
