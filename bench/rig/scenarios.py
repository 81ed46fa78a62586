"""What is asked of the peers."""

import dataclasses

from rig import settings

MIB = 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    # The configuration that it needs; peers are started anew for each.
    group: str = "base"
    # Which keys: one, uniform, zipf (exponent 1), unique (never the same twice), burst (one new key for each burst).
    kind: str = "one"
    keys: int = 1
    prefix: str = "good-"
    routes: int = 1
    leaf: str = "small"
    body: int = 0
    connections: int = 64
    # Requests at once on a connection, which then speaks HTTP/2; 0 for HTTP/1.1.
    streams: int = 0
    # Seconds that a measurement takes at least, so that enough requests come to their end.
    least: float = 0.0
    # Seconds of load before each measurement at least, so that all its keys are known.
    fill: float = 0.0
    # Whether the most memory that the peer takes meanwhile is looked for.
    peak: bool = False
    # Who can do this, all where nobody is named, and why the others cannot.
    peers: tuple = ()
    why: str = ""

    def filling(self, seconds):
        """Seconds of load before a measurement that takes so many."""
        return max(self.least, self.fill, min(settings.FILL, seconds / 2))

    def suits(self, peer):
        return not self.peers or peer in self.peers

    def fits(self, peer):
        """Whether a process of a peer has what this needs."""
        return self.suits(peer.name) and self.group == peer.group


# Group: how many routes, and whether the access log goes to a file rather than to /dev/null.
GROUPS = {
    "base": (10, False),
    "log": (10, True),
    "routes10": (10, False),
    "routes1000": (1_000, False),
    "routes10000": (10_000, False),
}
# Groups whose processes run at the same time, because they are compared with each other.
STAGES = [("base",), ("log",), ("routes10", "routes1000", "routes10000")]

# Scenarios that should cost no more than another, with it; both are measured in turns, so that both see the same machine.
GROWTH = [("keys10k", "hot"), ("metered", "hot"), ("routes1000", "routes10"), ("routes10000", "routes10")]
# What the two of such a pair are called, in its order.
SIDES = ("more", "least")

SCENARIOS = [
    Scenario("hot", "one hot key"),
    Scenario("keys10k", "10,000 keys, uniform", kind="uniform", keys=10_000, prefix="goodu-", fill=6.0),
    Scenario("zipf", "100,000 keys, Zipf, cache of 20,000", kind="zipf", keys=100_000, prefix="goodz-"),
    Scenario("miss0", "all misses, verify takes 0 ms", kind="unique", prefix="good0ms-"),
    Scenario("miss20", "all misses, verify takes 20 ms", kind="unique", prefix="good20ms-", connections=256),
    Scenario("herd", "500 connections on one cold key, verify takes 20 ms", kind="burst", prefix="goodh20ms-",
             connections=500),
    Scenario("metered", "one hot key with a rate limit", prefix="goodm-"),
    Scenario("exact", "one hot key with a rate limit, charged before", prefix="goodm-", leaf="exact",
             peers=("keygate",), why="they never have a request charged at Unkey before they admit it"),
    Scenario("h2", "one hot key, HTTP/2", connections=8, streams=8,
             peers=("keygate", "pipe", "proxy", "auth", "spring"), why="its subrequests fail over HTTP/2"),
    Scenario("down", "1 MiB down", leaf="mib", connections=16),
    Scenario("up", "5 MiB up", leaf="up", body=5 * MIB, connections=8),
    Scenario("both64", "64 MiB up and the same down", leaf="echo", body=64 * MIB, connections=4, least=4.0, peak=True),
    Scenario("log", "one hot key, access log to a file in memory", group="log"),
    Scenario("routes10", "10 routes", group="routes10", routes=10),
    Scenario("routes1000", "1,000 routes", group="routes1000", routes=1_000),
    Scenario("routes10000", "10,000 routes", group="routes10000", routes=10_000),
]


def grown(wanted):
    """The pairs whose growth is looked at, of these scenarios."""
    pairs = [(named(more), named(least)) for more, least in GROWTH]
    return [pair for pair in pairs if set(pair) <= set(wanted)]


def named(name):
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


def chosen(names):
    """The scenarios with these names, in the order above; all without names."""
    known = [scenario.name for scenario in SCENARIOS]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(f"no such scenario: {', '.join(unknown)}; there are {', '.join(known)}")
    return [scenario for scenario in SCENARIOS if not names or scenario.name in names]
