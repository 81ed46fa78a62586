"""Reads the records of a run and compares the peers, round against round."""

import collections
import json
import statistics

from rig.settings import BASE, PEERS
from rig.scenarios import SCENARIOS, SIDES


class Range:
    """A middle and what it lies in."""

    def __init__(self, values):
        self.middle = statistics.median(values)
        self.least, self.most = min(values), max(values)


class Figures:
    """The records of one run, by what they are about."""

    def __init__(self, file):
        self.run, self.rates, self.slices, self.starts = None, {}, collections.defaultdict(dict), []
        self.turns = collections.defaultdict(dict)
        self.unsettled, self.ended = [], False
        for line in file.read_text(encoding="utf-8").splitlines():
            self._take(json.loads(line))
        self.names = [name for name in PEERS if any(peer == name for _, peer in self.slices)]
        self.scenarios = [one for one in SCENARIOS if any(scenario == one.name for scenario, _ in self.slices)]

    def _take(self, record):
        kind = record["type"]
        if kind == "run":
            self.run = record
        elif kind == "rate":
            self.rates[record["scenario"]] = record["rate"]
        elif kind == "slice":
            self.slices[record["scenario"], record["peer"]][record["round"]] = record
        elif kind == "turns":
            self.turns[record["peer"], record["more"], record["least"]][record["round"]] = record
        elif kind == "start":
            self.starts.append(record)
        elif kind == "warm" and not record["settled"]:
            self.unsettled.append(record)
        elif kind == "end":
            self.ended = True

    def values(self, scenario, peer, part, value):
        """One figure, by round; rounds without it are left out."""
        found = {}
        for number, record in self.slices.get((scenario, peer), {}).items():
            if record[part] and value(record[part]) is not None:
                found[number] = value(record[part])
        return found

    def range(self, scenario, peer, part, value):
        found = self.values(scenario, peer, part, value)
        return Range(found.values()) if found else None

    def ratio(self, scenario, peer, part, value):
        """A peer's figure over Keygate's of the same round."""
        found = self.values(scenario, peer, part, value)
        others = self.values(scenario, BASE, part, value)
        ratios = [found[number] / others[number] for number in found if others.get(number)]
        return Range(ratios) if ratios else None

    def growth(self, more, least, peer):
        """CPU per request of a peer under one scenario over its own under another, by the turns of each round."""
        ratios = []
        for record in self.turns.get((peer, more, least), {}).values():
            # A cold JVM may answer nothing at all within a turn.
            costs = [[result["micros"] for result in record["found"][side] if result["micros"]] for side in SIDES]
            if all(costs):
                ratios.append(statistics.median(costs[0]) / statistics.median(costs[1]))
        return Range(ratios) if ratios else None

    def pss(self, scenario, peer):
        found = [record["pss"] for record in self.slices.get((scenario, peer), {}).values()]
        return max(found) if found else None

    def peak(self, peer):
        """The most memory that was seen while bodies moved, or None where nobody looked."""
        found = [result["peak"] for _, name, _, _, result in self.parts() if name == peer and "peak" in result]
        return max(found, default=None)

    def started(self, peer, group, value):
        found = [record[value] for record in self.starts if record["peer"] == peer and record["group"] == group]
        return Range(found) if found else None

    def parts(self):
        """Every throughput and latency run and every turn, with its scenario, peer and round."""
        for (scenario, peer), rounds in self.slices.items():
            for number, record in rounds.items():
                for part in ("closed", "open"):
                    if record[part]:
                        yield scenario, peer, number, part, record[part]
        for (peer, *pair), rounds in self.turns.items():
            for number, record in rounds.items():
                for scenario, side in zip(pair, SIDES):
                    for result in record["found"][side]:
                        yield scenario, peer, number, "turn", result


def micros(result):
    return result["micros"]


def throughput(result):
    return None if "bursts" in result else result["requests"] / result["seconds"]
