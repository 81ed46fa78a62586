"""The pieces of the hot path alone, under JMH: their time, and their bytes against a budget."""

import json
import os
import statistics
import subprocess

from rig import machine, settings
from rig.peers import jvm_flags
from rig.settings import BENCH, ROOT, TARGET
from rig.table import table

HERE = BENCH / "pieces"
BUDGET = HERE / "budget.json"

INTRO = """\
Written by `bench/run --pieces`; [README.md](README.md) says what the pieces are. Figures are medians over the
iterations of all forks. Time depends on the machine, bytes do not.
"""


def run(options):
    """Measures the pieces, writes their table, and ends with a failure where one takes more bytes than it may."""
    results = TARGET / "pieces.json"
    forks, warm, count = settings.JMH_SMOKE if options.smoke else settings.JMH
    jmh = ["java", "-cp", f"{HERE}/target/pieces.jar:{HERE}/target/lib/*:{ROOT}/target/keygate.jar",
           "org.openjdk.jmh.Main", *(name for name in options.only.split(",") if name), "-bm", "avgt", "-tu", "ns",
           "-f", forks, "-wi", warm, "-w", "1", "-i", count, "-r", "1", "-prof", "gc", "-foe", "true",
           "-jvmArgs", " ".join(jvm_flags()), "-rf", "json", "-rff", results]
    # One core, as everywhere: what the JVM does besides takes its share, as it does in the gateway.
    words = ["taskset", "-c", str(options.gateway_core), *map(str, jmh)]
    if subprocess.run(words, cwd=ROOT).returncode != 0:
        raise SystemExit("JMH failed")
    _judge(_measured(json.loads(results.read_text())), options)


def _measured(records):
    """Nanoseconds and bytes of each piece, by its name with its parameters."""
    found = {}
    for record in records:
        name = ".".join(record["benchmark"].split(".")[-2:])
        parameters = " ".join(f"{key}={value}" for key, value in record.get("params", {}).items())
        found[f"{name} {parameters}".strip()] = (
            _middle(record["primaryMetric"]), _middle(record["secondaryMetrics"]["gc.alloc.rate.norm"]))
    return found


def _middle(metric):
    return statistics.median(value for fork in metric["rawData"] for value in fork)


def _judge(measured, options):
    budget = json.loads(BUDGET.read_text())
    rows = [[f"`{name}`", f"{nanos:,.0f}", f"{size:,.0f}", f"{budget[name]:,}" if name in budget else "none"]
            for name, (nanos, size) in measured.items()]
    whole = not options.smoke and not options.only
    parts = ["# Pieces", INTRO]
    if options.smoke:
        parts.append("**This was not a whole run: its figures show that the pieces work, and nothing else.**\n")
    about = {**machine.describe(options), **machine.versions("Keygate", "JDK", "JMH")}
    parts += [table(["", ""], [[name, value] for name, value in about.items()]),
              table(["Piece", "ns/op", "B/op", "B/op at most"], rows)]
    file = (BENCH if whole else TARGET) / "PIECES.md"
    file.write_text("\n".join(parts), encoding="utf-8")
    print(f"report: {os.path.relpath(file)}")
    # A JVM that is not warm makes objects that a warm one does without.
    faults = [] if options.smoke else _faults(measured, budget, whole)
    if faults:
        raise SystemExit("\n".join(faults))


def _faults(measured, budget, whole):
    faults = [f"{name}: {size:,.0f} bytes, budget {budget[name]:,}" for name, (_, size) in measured.items()
              if name in budget and size > budget[name]]
    faults += [f"{name}: has no budget; it took {size:,.0f} bytes" for name, (_, size) in measured.items()
               if name not in budget]
    return faults + [f"{name}: has a budget but was not measured" for name in budget if whole and name not in measured]
