"""The load generators, pinned to the rig's core."""

import itertools
import json
import subprocess

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


def _first(scenario):
    return next(fresh) if scenario.kind == "unique" else 0


def _run(command, core):
    words = ["taskset", "-c", str(core), *map(str, command)]
    ended = subprocess.run(words, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"{' '.join(words)} failed:\n{ended.stdout}{ended.stderr}")
    # wrk prints a table of its own before the line of our script.
    return json.loads(ended.stdout.strip().splitlines()[-1])
