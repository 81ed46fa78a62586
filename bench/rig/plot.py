"""The plot: for each scenario a row, for each peer a dot with its range."""

import math
from html import escape

from rig.figures import micros
from rig.settings import BASE, PEERS

WIDTH, LEFT, GAP, PANEL = 1200, 360, 40, 385
TOP, ROW, FOOT = 96, 40, 34


def svg(figures):
    height = TOP + ROW * len(figures.scenarios) + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>']
    parts += _legend(figures.names)
    for place, scenario in enumerate(figures.scenarios):
        y = TOP + ROW * place
        if place % 2 == 0:
            parts.append(f'<rect x="0" y="{y}" width="{WIDTH}" height="{ROW}" fill="#f5f5f4"/>')
        parts.append(f'<text x="12" y="{y + ROW / 2 + 4}">{escape(scenario.title)}</text>')
    cpu = {(scenario.name, peer): figures.ratio(scenario.name, peer, "closed", micros)
           for scenario in figures.scenarios for peer in figures.names if peer != BASE}
    parts += _panel(figures, LEFT, "CPU per request, over Keygate’s (log scale)", cpu,
                    lambda value: f"{value:g}×", 1)
    late = {(scenario.name, peer): _p99(figures, scenario.name, peer)
            for scenario in figures.scenarios for peer in figures.names}
    parts += _panel(figures, LEFT + PANEL + GAP, "p99 latency, ms (log scale)", late, lambda value: f"{value / 1000:g}")
    return "\n".join(parts + ["</svg>"]) + "\n"


def _p99(figures, scenario, peer):
    def p99(result):
        return max(1, result["p99"])
    return figures.range(scenario, peer, "open", p99) or figures.range(scenario, peer, "closed", p99)


def _legend(names):
    parts, x = [], 12
    for name in names:
        title, _, colour = PEERS[name]
        parts.append(f'<circle cx="{x + 6}" cy="24" r="6" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="29">{escape(title)}</text>')
        x += 44 + 7.4 * len(title)
    return parts


def _panel(figures, left, title, ranges, name, mark=None):
    spans = [span for span in ranges.values() if span]
    if not spans:
        return []
    low = math.log10(min([span.least for span in spans] + ([mark] if mark else []))) - 0.08
    high = math.log10(max([span.most for span in spans] + ([mark] if mark else []))) + 0.08
    bottom = TOP + ROW * len(figures.scenarios)

    def x(value):
        return left + (math.log10(value) - low) / (high - low) * PANEL

    parts = [f'<text x="{left}" y="60" font-weight="bold">{escape(title)}</text>']
    for value in _ticks(low, high):
        colour, width = ("#78716c", 2) if value == mark else ("#d6d3d1", 1)
        parts.append(f'<line x1="{x(value):.1f}" y1="{TOP}" x2="{x(value):.1f}" y2="{bottom}" stroke="{colour}" '
                     f'stroke-width="{width}"/>')
        for y in (TOP - 8, bottom + 18):
            parts.append(f'<text x="{x(value):.1f}" y="{y}" text-anchor="middle" fill="#57534e">'
                         f'{escape(name(value))}</text>')
    for row, scenario in enumerate(figures.scenarios):
        for place, peer in enumerate(figures.names):
            span = ranges.get((scenario.name, peer))
            if span:
                y = TOP + ROW * row + ROW * (place + 0.5) / len(figures.names)
                parts += _dot(x(span.least), x(span.middle), x(span.most), y, peer)
    return parts


def _dot(least, middle, most, y, peer):
    title, _, colour = PEERS[peer]
    return [f'<line x1="{least:.1f}" y1="{y:.1f}" x2="{most:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="2"/>',
            f'<circle cx="{middle:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"><title>{escape(title)}</title></circle>']


def _ticks(low, high):
    steps = (1, 2, 5) if high - low < 2 else (1,)
    values = [step * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for step in steps]
    return [value for value in values if low <= math.log10(value) <= high]
