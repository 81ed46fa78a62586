"""The load generators, pinned to the rig's core."""

import itertools
import json
import math
import pathlib
import re
import subprocess
import tempfile

from rig.settings import BENCH, TARGET

# Keys that must be new are numbered, over all peers and rounds.
fresh = itertools.count(1, 10_000_000)


def closed(port, scenario, seconds, core):
    """As fast as the connections allow, with wrk."""
    command = [
        "wrk", "-t1", f"-c{scenario.connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s",
        "-s", BENCH / "load/keys.lua", f"http://127.0.0.1:{port}", "--", scenario.kind, scenario.keys, _first(scenario),
        scenario.prefix, scenario.routes, scenario.leaf, scenario.body]
    return _run(command, core)


def open_loop(port, scenario, seconds, rate, core):
    """So many requests a second, whatever becomes of them."""
    command = [
        TARGET / "openloop", "-p", port, "-c", scenario.connections, "-r", rate, "-d", seconds, "-k", scenario.kind,
        "-K", scenario.keys, "-F", _first(scenario), "-x", scenario.prefix, "-n", scenario.routes, "-l", scenario.leaf,
        "-b", scenario.body]
    return _run(command, core)


def bursts(port, scenario, count, core):
    """All connections at once, each time on a new key."""
    command = [
        TARGET / "openloop", "-p", port, "-c", scenario.connections, "-B", count, "-F", next(fresh), "-x",
        scenario.prefix]
    return _run(command, core)


def http2(port, scenario, seconds, core, rate=None):
    """HTTP/2 in clear text with h2load: as fast as the streams allow, or so many requests a second."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "requests"
        command = [
            "h2load", "-t1", f"-c{scenario.connections}", f"-m{scenario.streams}", f"-D{max(1, round(seconds))}",
            *([f"--rps={rate / scenario.connections}"] if rate else []), f"--log-file={log}",
            "-H", f"Authorization: Bearer {scenario.prefix}{0:07}", f"http://127.0.0.1:{port}/r0/{scenario.leaf}"]
        told = _said(command, core)
        # When it was sent, its status, and how long it took in microseconds.
        rows = [line.split("\t") for line in log.read_text().splitlines()]
    took = sorted(int(row[2]) for row in rows)
    return {"requests": len(rows), "seconds": float(re.search(r"finished in ([0-9.]+)s", told).group(1)),
            "errors": sum(row[1] == "-1" for row in rows), "refused": sum(row[1] not in ("200", "-1") for row in rows),
            **{name: _at(took, share) for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999))}}


def _at(ascending, share):
    return ascending[max(1, math.ceil(share * len(ascending))) - 1] if ascending else 0


def _first(scenario):
    return next(fresh) if scenario.kind == "unique" else 0


def _run(command, core):
    # wrk prints a table of its own before the line of our script.
    return json.loads(_said(command, core).strip().splitlines()[-1])


def _said(command, core):
    words = ["taskset", "-c", str(core), *map(str, command)]
    ended = subprocess.run(words, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"{' '.join(words)} failed:\n{ended.stdout}{ended.stderr}")
    return ended.stdout
