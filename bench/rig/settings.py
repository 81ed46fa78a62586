"""What holds for the whole bench: who is compared, and with which flags."""

import pathlib

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
TARGET = BENCH / "target"

# Verdicts are fresh for so many seconds, are served while they are renewed for so many, and so many are remembered.
# Fresh for longer than a turn of a peer, so that remembered keys cost no calls; what a call costs, misses show.
FRESH = 60
STALE = 120
ENTRIES = 20_000
ROOT_KEY = "unkey_bench"

# The same for every JVM. One processor makes the JVM choose the serial collector by itself; it is named to be sure.
JVM = ["-Xmx256m", "-XX:MaxDirectMemorySize=128m", "-XX:+UseSerialGC"]
# From JDK 24 on Netty needs these to copy large bodies cheaply.
JVM_24 = ["-Dio.netty.noUnsafe=false", "--sun-misc-unsafe-memory-access=allow"]
# One event loop, as everywhere else.
SPRING_JVM = ["-Dreactor.netty.ioWorkerCount=1", "-Dreactor.netty.http.server.accessLogEnabled=true"]

# Name, what it is, whether it is a JVM, colour in the plot. The first is what the others are compared with.
PEERS = {
    "keygate": ("Keygate", True, "#c2410c"),
    "pipe": ("bare Vert.x pipe", True, "#f59e0b"),
    "proxy": ("nginx proxy_pass", False, "#16a34a"),
    "auth": ("nginx auth_request", False, "#0e7490"),
    "lua": ("nginx + Lua", False, "#1d4ed8"),
    "spring": ("Spring Cloud Gateway", True, "#7e22ce"),
}
BASE = "keygate"

# Warming, in seconds of CPU that a JVM takes: at most for the first scenario of a process, at most for each later one,
# and at least, as a share of these. A machine that gives it less CPU ends it after three times as many seconds.
WARM_FIRST = 90
WARM_NEXT = 60
WARM_LEAST = 1 / 6
WARM_PATIENCE = 3
WARM_STEP = 2.0
# The cost per request has stopped falling when it has not fallen by so much in so many steps.
WARM_GAIN = 0.02
WARM_FLAT = 4

# What one scenario costs over another, for these peers: so many turns in each round, each of so many seconds.
GROWN = ("keygate", "lua")
TURNS, TURN = 4, 1.0

# Load before each measurement that is not counted, to fill the caches anew; never more than half of what is measured.
FILL = 2.0
# Seconds between two looks at the memory of a peer, where its peak matters.
LOOK = 0.1
# The share of the slowest peer's throughput at which latency is measured.
OPEN_SHARE = 0.5

# What bench/run --short measures.
SHORT = ["hot", "keys10k", "miss0", "metered", "down", "up", "routes10", "routes10000"]

# bench/run --profile: the scenarios with their peers, and seconds of load for time and for memory each.
PROFILED = {"hot": ("keygate", "pipe"), "miss0": ("keygate",), "down": ("keygate", "pipe"), "up": ("keygate", "pipe"),
            "routes10": ("keygate",), "routes10000": ("keygate",)}
PROFILE = 20

# bench/run --sidecar: starts, seconds of idleness, and of load at so many requests a second; what a pod may take.
SIDECAR_STARTS = 5
SIDECAR_IDLE = 4
SIDECAR_LOAD = (1_000, 10)
SIDECAR_MEMORY = "192m"

# JMH: forks of each piece, iterations of a second that warm it, iterations that are measured.
JMH = (2, 6, 3)
JMH_SMOKE = (1, 1, 1)

PACKAGES = {
    "nginx": "nginx-light",
    "wrk": "wrk",
    "h2load": "nghttp2-client",
    "gcc": "gcc libc6-dev",
    "taskset": "util-linux",
    "javac": "openjdk-17-jdk-headless",
    "mvn": "maven",
    "git": "git",
}
