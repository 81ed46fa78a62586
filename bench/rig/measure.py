"""One peer under one scenario: what it takes, and how long."""

import contextlib
import math
import time

from rig import load, peak, settings
from rig.http import get
from rig.procs import core_times
from rig.scenarios import SIDES


class Bench:
    """What all measurements share: the rig, the cores, where records go."""

    def __init__(self, rig, options, record):
        self.rig = rig
        self.options = options
        self.record = record
        self.peers = []
        self.rates = {}

    def calls(self):
        return int(get(self.rig.unkey, "/count")[1])

    @contextlib.contextmanager
    def cost(self, peer, into):
        """Adds to a result what the load cost: CPU of the peer, of the idle peers and of strangers, calls of Unkey."""
        core = self.options.gateway_core
        before = (peer.child.cpu(), self._others(peer), core_times(core), self.calls())
        begin = time.monotonic()
        yield
        wall = time.monotonic() - begin
        after = (peer.child.cpu(), self._others(peer), core_times(core), self.calls())
        spent = {name: after[2][name] - before[2][name] for name in after[2]}
        cpu, idle = after[0] - before[0], after[1] - before[1]
        into.update(
            wall=round(wall, 3), cpu=round(cpu, 3), idle_peers=round(idle, 3), stolen=round(spent["stolen"], 3),
            strangers=round(max(0.0, spent["programs"] - cpu - idle), 3), calls=after[3] - before[3])
        into["micros"] = round(cpu * 1e6 / into["requests"], 3) if into["requests"] else None

    def _others(self, peer):
        return sum(other.child.cpu() for other in self.peers if other is not peer)

    @staticmethod
    def _peak(peer, scenario, into):
        return peak.watched(peer.child, into) if scenario.peak else contextlib.nullcontext()

    def closed(self, peer, scenario, seconds):
        result, seconds = {}, max(seconds, scenario.least)
        with self.cost(peer, result), self._peak(peer, scenario, result):
            if scenario.kind == "burst":
                count = max(2, round(seconds * 5))
                result.update(load.bursts(peer.port, scenario, count, self.options.rig_core), bursts=count)
            elif scenario.streams:
                result.update(load.http2(peer.h2_port, scenario, seconds, self.options.rig_core))
            else:
                result.update(load.closed(peer.port, scenario, seconds, self.options.rig_core))
        return result

    def open(self, peer, scenario, seconds):
        result, seconds = {"rate": self.rates[scenario.name]}, max(seconds, scenario.least)
        with self.cost(peer, result), self._peak(peer, scenario, result):
            if scenario.streams:
                result.update(load.http2(peer.h2_port, scenario, seconds, self.options.rig_core, result["rate"]))
            else:
                result.update(load.open_loop(peer.port, scenario, seconds, result["rate"], self.options.rig_core))
        return result

    def warm(self, peer, scenario, limit):
        """Loads a peer until its cost per request stops falling; the others once. Returns its throughput."""
        best, flat, cpu, steps = math.inf, 0, 0.0, []
        step, end = min(settings.WARM_STEP, limit), time.monotonic() + limit * settings.WARM_PATIENCE
        enough = limit * settings.WARM_LEAST
        while (flat < settings.WARM_FLAT or cpu < enough) and cpu < limit and time.monotonic() < end:
            result = self.closed(peer, scenario, step)
            steps.append(result["micros"])
            cpu += result["cpu"]
            # A cold JVM may answer nothing at all within the first step.
            micros = math.inf if result["micros"] is None else result["micros"]
            flat = 0 if micros < best * (1 - settings.WARM_GAIN) or micros == math.inf else flat + 1
            best = min(best, micros)
            if not peer.jvm:
                break
        settled = not peer.jvm or flat >= settings.WARM_FLAT
        self.record(type="warm", peer=peer.name, scenario=scenario.name, micros=steps, settled=settled)
        return max(1, result["requests"]) / result["seconds"]

    def choose_rate(self, scenario, throughputs):
        """The rate at which latency is measured, for all peers and rounds."""
        if scenario.name not in self.rates:
            rate = min(throughputs.values()) * settings.OPEN_SHARE
            # Two figures; below ten a second, one behind the point.
            digits = max(-1, math.floor(math.log10(max(1, rate))) - 1)
            # Never so few that none is due.
            least = math.ceil(10 / max(self.options.seconds, scenario.least)) / 10
            self.rates[scenario.name] = max(least, round(math.floor(rate / 10**digits) * 10**digits, 1))
            self.record(type="rate", scenario=scenario.name, rate=self.rates[scenario.name])

    def turns(self, more, least, number):
        """Two peers with their scenarios, in short turns: what one costs over the other. Both are filled before."""
        sides, found = [more, least], {side: [] for side in SIDES}
        for peer, scenario in sides:
            self.closed(peer, scenario, scenario.filling(self.options.seconds))
        for turn in range(1 if self.options.smoke else settings.TURNS):
            for (peer, scenario), kept in list(zip(sides, found.values()))[::-1 if turn % 2 else 1]:
                kept.append(self.closed(peer, scenario, settings.TURN))
        self.record(type="turns", round=number, peer=more[0].name, more=more[1].name, least=least[1].name, found=found)

    def slice(self, peer, scenario, number):
        """One measurement: fill, throughput, latency at the fixed rate, memory."""
        peer.empty_log()
        self.closed(peer, scenario, scenario.filling(self.options.seconds))
        closed = self.closed(peer, scenario, self.options.seconds)
        pss = peer.child.pss()
        opened = None if scenario.kind == "burst" else self.open(peer, scenario, self.options.seconds)
        peer.empty_log()
        self.record(type="slice", round=number, peer=peer.name, scenario=scenario.name, closed=closed, open=opened,
                    pss=pss)
        said = f"{closed['micros'] or math.nan:9.1f} us/request {closed['requests'] / closed['seconds']:9.0f}/s"
        latency = opened or closed
        wrong = sum(part[name] for part in (closed, opened or {}) for name in ("errors", "refused", "unfinished")
                    if name in part)
        print(f"  round {number} {scenario.name:12} {peer.name:8} {said}  p50 {latency['p50']} p99 {latency['p99']} us"
              + (f"  {wrong} WENT WRONG" if wrong else ""), flush=True)
