"""The order of things: build, start, warm, measure in turns, report."""

import argparse
import datetime
import json
import os
import pathlib
import resource
import shlex
import sys
import time

from rig import build, duration, machine, peers, pieces, procs, profile, report, scenarios, settings, sidecar
from rig.measure import Bench


def arguments():
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures Keygate and its peers.")
    parser.add_argument("--rounds", type=int, help="how often everything is measured (5)")
    parser.add_argument("--starts", type=int, help="how many process starts the rounds are spread over (all rounds)")
    parser.add_argument("--seconds", type=float, help="of each throughput and each latency run (8)")
    parser.add_argument("--only", default="", help="scenarios, separated by commas (all)")
    parser.add_argument("--peers", default="", help="peers, separated by commas (all)")
    parser.add_argument("--gateway-core", type=int, default=1, help="the core of what is measured (1)")
    parser.add_argument("--rig-core", type=int, default=0, help="the core of load, backend and stub (0)")
    parser.add_argument("--no-build", action="store_true", help="take the jars as they are")
    parser.add_argument("--smoke", action="store_true", help="see whether everything works: 1 round, 2 s, not warm")
    parser.add_argument("--short", action="store_true",
                        help="the most telling scenarios: 5 rounds of one start, 2 s")
    parser.add_argument("--pieces", action="store_true",
                        help="measure the pieces of the hot path alone; --only takes JMH's patterns")
    parser.add_argument("--profile", action="store_true",
                        help="where the time and the memory of a request go, in Keygate and in the pipe")
    parser.add_argument("--sidecar", action="store_true",
                        help="start and memory of what the image runs; JAVA_HOME names a JDK 25")
    parser.add_argument("--render", metavar="FILE", help="only write the report of results measured before")
    options = parser.parse_args()
    if options.pieces:
        return options
    options.seconds = options.seconds or (2 if options.smoke or options.short else 8)
    options.rounds = options.rounds or (1 if options.smoke else 5)
    options.starts = min(options.starts or (1 if options.short else options.rounds), options.rounds)
    options.only = scenarios.chosen(
        [name for name in options.only.split(",") if name] or (settings.SHORT if options.short else []))
    named = [name for name in options.peers.split(",") if name] or list(settings.PEERS)
    unknown = [name for name in named if name not in settings.PEERS]
    if unknown:
        parser.error(f"no such peer: {', '.join(unknown)}; there are {', '.join(settings.PEERS)}")
    options.peers = [name for name in settings.PEERS if name in named]
    return options


def complete(options):
    """Whether everything was compared, often enough to tell it from noise."""
    return (not options.smoke and options.seconds >= 2 and options.rounds >= 5
            and len(options.peers) == len(settings.PEERS) and len(options.only) == len(scenarios.SCENARIOS))


def turned(items, by):
    """The same items, beginning elsewhere."""
    by %= len(items)
    return items[by:] + items[:by]


def stage_of_rounds(bench, groups, wanted, numbers, rig, work, options):
    """Starts all peers for the configurations of a stage, warms them, and measures some rounds."""
    started = [peers.Peer(name, group, rig, work) for group in groups for name in turned(options.peers, numbers[0])]
    try:
        for peer in started:
            seconds = peer.start(options.gateway_core)
            bench.peers.append(peer)
            time.sleep(0.5 if options.smoke else 2)
            bench.record(type="start", round=numbers[0], group=peer.group, peer=peer.name, seconds=round(seconds, 4),
                         pss=peer.child.pss())
            print(f"  start {numbers[0]} {peer.group:12} {peer.name:8} {seconds:6.2f} s", flush=True)
        warm = set()
        for scenario in wanted:
            limit = settings.WARM_NEXT if scenario.group in warm else settings.WARM_FIRST
            warm.add(scenario.group)
            throughputs = {peer.name: bench.warm(peer, scenario, 1 if options.smoke else limit)
                           for peer in started if scenario.fits(peer)}
            bench.choose_rate(scenario, throughputs)
        for number in numbers:
            for scenario in wanted:
                for peer in turned(started, number):
                    if scenario.fits(peer):
                        bench.slice(peer, scenario, number)
            for more, least in scenarios.grown(wanted):
                for name in settings.GROWN:
                    sides = [(peer, scenario) for scenario in (more, least) for peer in started
                             if peer.name == name and scenario.fits(peer)]
                    if len(sides) == 2:
                        bench.turns(*sides, number)
    finally:
        for peer in started:
            peer.stop()
        bench.peers.clear()


def measure(options, results):
    with peers.rigged(options.rig_core) as (rig, work), open(results, "w", encoding="utf-8") as raw:
        def record(**what):
            raw.write(json.dumps(what) + "\n")
            raw.flush()

        record(type="run", complete=complete(options), smoke=options.smoke, rounds=options.rounds,
               starts=options.starts, seconds=options.seconds, command=shlex.join(["bench/run", *sys.argv[1:]]),
               date=datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
               machine=machine.describe(options), versions=machine.versions())
        bench = Bench(rig, options, record)
        rounds = list(range(options.rounds))
        for start in range(options.starts):
            numbers = rounds[start::options.starts]
            for stage in scenarios.STAGES:
                wanted = [scenario for scenario in options.only
                          if scenario.group in stage and any(map(scenario.suits, options.peers))]
                if wanted:
                    groups = [group for group in stage if any(scenario.group == group for scenario in wanted)]
                    stage_of_rounds(bench, groups, wanted, numbers, rig, work, options)
        record(type="end")


def main():
    options = arguments()
    if options.render:
        report.write(pathlib.Path(options.render))
        return
    if options.pieces:
        build.need(("taskset", "javac", "mvn", "git"))
        build.build_pieces(options.no_build)
        pieces.run(options)
        return
    build.need()
    if not {options.gateway_core, options.rig_core} <= os.sched_getaffinity(0) or (
            options.gateway_core == options.rig_core):
        raise SystemExit("the gateway and the rig each need a core of their own: --gateway-core, --rig-core")
    procs.guard()
    build.build(options.no_build)
    os.sched_setaffinity(0, {options.rig_core})
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if options.profile:
        profile.run(options)
        return
    if options.sidecar:
        sidecar.run(options)
        return
    results = settings.TARGET / f"results-{time.strftime('%Y%m%d-%H%M%S')}.jsonl"
    least, most = duration.minutes(options)
    print(f"this takes between {least:.0f} and {most:.0f} minutes", flush=True)
    begin = time.monotonic()
    measure(options, results)
    print(f"measured in {(time.monotonic() - begin) / 60:.1f} minutes: {os.path.relpath(results)}")
    report.write(results)
