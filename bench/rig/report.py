"""Writes RESULTS.md and its plot from the records of a run."""

import os

from rig import plot
from rig.figures import Figures, micros, throughput
from rig.scenarios import grown
from rig.settings import BASE, BENCH, GROWN, PEERS, TARGET, TURN
from rig.table import table

INTRO = """\
Written by `bench/run`; [README.md](README.md) says what the scenarios are and how to read this. Figures are medians
over the rounds. A ratio is a peer’s figure over Keygate’s of the same round, with the least and the most over the
rounds: above 1 the peer takes more.
"""

HEAD = ["Peer", "requests/s", "CPU µs/request", "over Keygate", "CPU µs at rate", "over Keygate", "p50 ms", "p99 ms",
        "p99.9 ms", "verify calls"]


def write(results):
    """A whole run is written beside the README, any other below target."""
    figures = Figures(results)
    if not figures.slices:
        raise SystemExit(f"{results} holds no measurement")
    published = figures.run["complete"] and figures.ended
    folder = BENCH if published else TARGET
    (folder / "results.svg").write_text(plot.svg(figures), encoding="utf-8")
    (folder / "RESULTS.md").write_text(_text(figures), encoding="utf-8")
    print(f"report: {os.path.relpath(folder / 'RESULTS.md')}")


def _text(figures):
    run = figures.run
    parts = ["# Results", INTRO]
    if run["smoke"]:
        parts.append("**This was not a whole run: its figures show that the bench works, and nothing else.**\n")
    elif not run["complete"]:
        parts.append("**This was not a whole run.**\n")
    parts.append(table(["", ""], [["Command", f"`{run['command']}`"], ["Date", run["date"]],
                                  ["Rounds", f"{run['rounds']}; process starts: {run['starts']}; "
                                             f"{run['seconds']:g} s for each figure"],
                                  *([name, value] for name, value in {**run["machine"], **run["versions"]}.items())]))
    parts.append("![CPU per request over Keygate’s, and p99 latency](results.svg)\n")
    parts += _doubts(figures)
    parts += _starts(figures)
    parts += _growth(figures)
    for scenario in figures.scenarios:
        parts.append(f"## {scenario.title[0].upper()}{scenario.title[1:]}\n")
        rate = figures.rates.get(scenario.name)
        if scenario.kind == "burst":
            parts.append(f"`{scenario.name}`: bursts; latency from the moment when all were sent.\n")
        else:
            streams = f" with {scenario.streams} requests at once on each" if scenario.streams else ""
            parts.append(f"`{scenario.name}`: {scenario.connections} connections{streams}; latency at {rate:,}"
                         " requests/s.\n")
        parts.append(table(HEAD, [_row(figures, scenario.name, peer) for peer in figures.names
                                  if scenario.suits(peer)]))
        if scenario.peers:
            others = ", ".join(title for peer, (title, *_) in PEERS.items() if not scenario.suits(peer))
            parts.append(f"Left out: {others}, because {scenario.why}.\n")
    return "\n".join(parts)


def _row(figures, scenario, peer):
    latency = "open" if figures.range(scenario, peer, "open", micros) else "closed"

    def show(part, value, form):
        found = figures.range(scenario, peer, part, value)
        return form(found.middle) if found else "–"

    def over(part):
        found = figures.ratio(scenario, peer, part, micros)
        return _ratio(found) if found and peer != BASE else "1" if found else "–"

    calls = figures.range(scenario, peer, "closed", _calls)
    return [
        PEERS[peer][0], show("closed", throughput, lambda value: f"{value:,.0f}"),
        show("closed", micros, _number), over("closed"), show("open", micros, _number), over("open"),
        *(show(latency, lambda result, name=name: result.get(name), lambda value: f"{value / 1000:,.2f}")
          for name in ("p50", "p99", "p999")),
        _count(calls.middle) if calls else "–"]


def _busy(result):
    return None if "bursts" in result else result["cpu"] / result["seconds"]


def _calls(result):
    """Calls of Unkey: for a burst, or for a thousand requests."""
    if "bursts" in result:
        return result["calls"] / result["bursts"]
    return 1000 * result["calls"] / result["requests"] if result["requests"] else None


def _starts(figures):
    group = figures.starts[0]["group"] if figures.starts else "base"
    rows = []
    for peer in figures.names:
        seconds, idle = (figures.started(peer, group, name) for name in ("seconds", "pss"))
        loaded = [figures.pss(scenario.name, peer) for scenario in figures.scenarios]
        hot = figures.pss("hot", peer)
        if seconds:
            rows.append([PEERS[peer][0], f"{seconds.middle:.2f} ({seconds.least:.2f}–{seconds.most:.2f})",
                         _mib(idle.middle), _mib(hot), _mib(max((size for size in loaded if size), default=None)),
                         _mib(figures.peak(peer))])
    return ["## Start and memory\n", f"Start to the first 200, with the configuration `{group}`. Memory is PSS.\n",
            table(["Peer", "start, s", "idle, MiB", "after one hot key, MiB", "most after any scenario, MiB",
                   "peak while 64 MiB go both ways, MiB"], rows)]


def _growth(figures):
    """What more keys, limits and routes cost each peer."""
    pairs = [(more.name, least.name) for more, least in grown(figures.scenarios)]
    rows = []
    for peer in GROWN:
        found = [figures.growth(more, least, peer) for more, least in pairs]
        if any(found):
            rows.append([PEERS[peer][0], *(_ratio(one) if one else "–" for one in found)])
    return ["## Growth\n", f"CPU per request over the same peer’s in another scenario, both in turns of"
            f" {TURN:g} s in each round.\n",
            table(["Peer", *(f"`{more}` over `{least}`" for more, least in pairs)], rows)] if rows else []


def _doubts(figures):
    """What a reader should know before believing the figures."""
    found = []
    for scenario, peer, number, part, result in figures.parts():
        wrong = sum(result.get(name, 0) for name in ("errors", "refused", "unfinished"))
        if wrong:
            found.append(f"- {scenario}, {PEERS[peer][0]}, round {number}: {wrong:,} of {result['requests']:,} requests"
                         f" went wrong ({'at the fixed rate' if part == 'open' else 'throughput'}).")
    for scenario in figures.scenarios:
        for peer in figures.names:
            busy = figures.range(scenario.name, peer, "closed", _busy)
            if busy and busy.middle < 0.85:
                found.append(f"- {scenario.name}, {PEERS[peer][0]}: it used {busy.middle:.0%} of its core, so the rig,"
                             " other programs or the wait for verify calls set its throughput.")
    spans = [(result["strangers"] / result["wall"], result["stolen"] / result["wall"])
             for *_, result in figures.parts()]
    for place, what in enumerate(("other programs took", "the machine’s host took away")):
        much = sum(span[place] > 0.05 for span in spans)
        if much:
            found.append(f"- In {much} of {len(spans)} runs {what} more than 5 % of the gateway’s core, at most "
                         f"{max(span[place] for span in spans):.0%}.")
    few = [scenario.name for scenario in figures.scenarios if _slowest(figures, scenario.name) < 10]
    if few:
        found.append("- p99.9 rests on fewer than ten requests of each round under " + ", ".join(few) + ".")
    for record in figures.unsettled:
        found.append(f"- {PEERS[record['peer']][0]} was still getting cheaper when it was measured under "
                     f"{record['scenario']}.")
    return ["## Doubts\n", "\n".join(found) + "\n"] if found else []


def _slowest(figures, scenario):
    """How many requests of a round took longer than p99.9 says."""
    counts = [figures.range(scenario, peer, "open", lambda result: result["requests"]) for peer in figures.names]
    return min((count.least / 1000 for count in counts if count), default=10)


def _count(value):
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def _number(value):
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def _ratio(span):
    form = "{:.2f}" if span.most < 20 else "{:,.0f}"
    return f"{form.format(span.middle)} ({form.format(span.least)}–{form.format(span.most)})"


def _mib(size):
    return "–" if size is None else f"{size / 1024 / 1024:.0f}"
