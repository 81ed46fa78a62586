"""How long a run takes, from its settings."""

from rig import scenarios, settings

# Seconds around each measurement: the load generator's start, and the last answers.
AROUND = 0.15
# Seconds until a peer answers and is left in peace.
START = 4.0


def minutes(options):
    """At least, where every JVM is warm at once, and at most, where none ever is; without the build."""
    slices = least = most = 0.0
    for group in scenarios.GROUPS:
        wanted = [scenario for scenario in options.only if scenario.group == group]
        for place, scenario in enumerate(wanted):
            names = [name for name in options.peers if scenario.suits(name)]
            fill = scenario.filling(options.seconds)
            runs = 1 if scenario.kind == "burst" else 2
            slices += len(names) * (fill + runs * max(scenario.least, options.seconds) + (1 + runs) * AROUND)
            for name in names:
                begun, ended = _warming(name, scenario, place, options)
                least, most = least + begun, most + ended
        if wanted:
            least, most = (value + len(options.peers) * START for value in (least, most))
    for pair in scenarios.grown(options.only):
        names = [name for name in options.peers if name in settings.GROWN]
        turns = 2 * (1 if options.smoke else settings.TURNS) * (settings.TURN + AROUND)
        slices += len(names) * (turns + sum(scenario.filling(options.seconds) + AROUND for scenario in pair))
    return ((options.rounds * slices + options.starts * warming) / 60 for warming in (least, most))


def _warming(name, scenario, place, options):
    """Seconds for one peer and one scenario."""
    step = max(scenario.least, 1 if options.smoke else settings.WARM_STEP) + AROUND
    if options.smoke:
        return step, step + settings.WARM_PATIENCE
    if not settings.PEERS[name][1]:
        return step, step
    limit = settings.WARM_NEXT if place else settings.WARM_FIRST
    # The first step is never the last: so many more must bring nothing.
    least = max((1 + settings.WARM_FLAT) * step, limit * settings.WARM_LEAST)
    return least, max(least, limit + step + limit * AROUND / settings.WARM_STEP)
