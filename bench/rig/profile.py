"""Where the time and the memory of a request go, by samples of Keygate and of the pipe under the same load."""

import collections
import os
import re
import subprocess

from rig import build, machine, peers, settings
from rig.measure import Bench
from rig.scenarios import named
from rig.settings import BENCH, PEERS, TARGET
from rig.table import table

INTRO = """\
Written by `bench/run --profile`, by samples of async-profiler under some scenarios, each in JVMs of its own that were warm.
A sample belongs to the innermost part that it was taken in, so that what a step has Jackson do is Jackson’s; the second
table gives it to the step. Memory is what was allocated on the heap.
"""

# Whose code a frame is, the first that fits; the kernel's are known by the calls into it.
PARTS = [
    ("Kernel: writes", r"(__GI___)?(send|sendto|sendmsg|write|writev)$"),
    ("Kernel: reads", r"(__GI___)?(recv|recvfrom|read|readv)$"),
    ("Kernel: waiting", r".*epoll_(p?wait|ctl)[0-9]*$"),
    ("Keygate", r"keygate/"),
    ("Vert.x", r"io/vertx/"),
    ("Netty", r"(io/netty/|netty_|Java_io_netty_)"),
    ("Jackson", r"com/fasterxml/"),
    ("Micrometer", r"(io/micrometer/|io/prometheus/)"),
    ("Caffeine", r"com/github/benmanes/"),
    ("Compiling", r".*(Compile|C2|C1_|Compilation)"),
    ("Collecting", r".*(GenCollect|SerialHeap|DefNew|G1|VM_Thread|VM_Operation)"),
]
STEP = re.compile(r"keygate/(?:(\w+)/)?\w")
BORROWED = ("io/vertx/", "io/netty/")


def run(options):
    """Samples one peer after another under one scenario after another and writes the tables."""
    place, found = build.profiler(), {}
    with peers.rigged(options.rig_core) as (rig, work):
        bench = Bench(rig, options, lambda **_: None)
        for scenario in map(named, settings.PROFILED):
            found[scenario] = {}
            for name in settings.PROFILED[scenario.name]:
                peer = peers.Peer(name, scenario.group, rig, work)
                peer.start(options.gateway_core)
                bench.peers.append(peer)
                bench.warm(peer, scenario, 2 if options.smoke else settings.WARM_FIRST)
                found[scenario][name] = {"time": _sampled(bench, peer, scenario, place, "cpu", work),
                                         "memory": _sampled(bench, peer, scenario, place, "alloc", work)}
                bench.peers.clear()
                peer.stop()
    _write(found, options)


def _sampled(bench, peer, scenario, place, event, work):
    """Stacks with their weight, and what a load cost meanwhile."""
    pid, file = peer.child.process.pid, work / "stacks"
    asprof = [place / "asprof", "--libpath", place / "libasyncProfiler.so"]
    _told(*asprof, "start", "-e", event, pid)
    cost = bench.closed(peer, scenario, 2 if bench.options.smoke else settings.PROFILE)
    # Of memory the octets count, not the samples.
    _told(*asprof, "stop", "-o", "collapsed", *(["--total"] if event == "alloc" else []), "-f", file, pid)
    stacks = []
    for line in file.read_text().splitlines():
        frames, _, weight = line.rpartition(" ")
        stacks.append(([re.sub(r"_\[\w\]$", "", frame) for frame in frames.split(";")], int(weight)))
    return stacks, cost


def _told(*argv):
    ended = subprocess.run([str(word) for word in argv], capture_output=True, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"{argv[0]} failed:\n{ended.stdout}{ended.stderr}")


def part(frames):
    """Whose the innermost frame is that is anybody's."""
    for frame in reversed(frames):
        for name, pattern in PARTS:
            if re.match(pattern, frame):
                return name
    return "Other"


def step(frames):
    """Keygate's step that the sample was taken in, with the libraries it calls other than those that carry it."""
    for frame in reversed(frames):
        if frame.startswith(BORROWED):
            return None
        own = STEP.match(frame)
        if own:
            return own.group(1) or "the journey itself"
    return None


def _shares(stacks, by, whole):
    """What of a whole falls on each."""
    weights = collections.Counter()
    for frames, weight in stacks:
        weights[by(frames)] += weight
    total = sum(weights.values())
    return {name: whole * weight / total for name, weight in weights.items() if name}


def _write(found, options):
    about = {**machine.describe(options), **machine.versions("Keygate", "JDK", "Vert.x", "Netty")}
    parts = ["# Profile", INTRO]
    if options.smoke:
        parts.append("**This was not a whole run: its figures show that it works, and nothing else.**\n")
    parts.append(table(["", ""], [[name, value] for name, value in about.items()]))
    for scenario, peers_found in found.items():
        spent = {name: {"time": one["time"][1]["micros"],
                        "memory": sum(weight for _, weight in one["memory"][0]) / one["memory"][1]["requests"]}
                 for name, one in peers_found.items()}
        parts += [f"## {scenario.title[0].upper()}{scenario.title[1:]}\n",
                  _table(peers_found, spent, part, [name for name, _ in PARTS] + ["Other"]),
                  "By Keygate’s step:\n", _table({"keygate": peers_found["keygate"]}, spent, step, None)]
    file = (TARGET if options.smoke else BENCH) / "PROFILE.md"
    file.write_text("\n".join(parts), encoding="utf-8")
    print(f"report: {os.path.relpath(file)}")


def _table(found, spent, by, names):
    columns = [(name, what) for name in found for what in ("time", "memory")]
    shares = {(name, what): _shares(found[name][what][0], by, spent[name][what]) for name, what in columns}
    names = names or sorted({name for one in shares.values() for name in one})
    rows = [[name, *(_number(shares[column].get(name, 0), column) for column in columns)] for name in names
            if any(name in one for one in shares.values())]
    rows.append(["All", *(_number(sum(shares[column].values()), column) for column in columns)])
    return table(["", *(f"{PEERS[name][0]}: {'µs' if what == 'time' else 'bytes'} a request"
                        for name, what in columns)], rows)


def _number(value, column):
    return f"{value:.1f}" if column[1] == "time" else f"{value:,.0f}"
