"""The chart: bars of one world's day, drawn as SVG by hand."""

from xml.sax.saxutils import escape

from measure import Result

WIDTH = 720
LABELS = 250  # the bars begin to the right of them
BAR, GAP = 18, 8
LONGEST = WIDTH - LABELS - 110
MOST = 20  # times the program; a longer bar is cut
COLOURS = {"program": "#2f6f9f", "limit": "#b0b0b0", "peer": "#d08a45"}


def chart(world: str, results: list[Result]) -> str:
    """Two groups of bars: the whole day, and the rolling step."""
    ours = results[0]
    day = [(each, each.seconds(), ours.seconds()) for each in results if each.group != "peer"]
    step = [(each, each.rolling(), ours.rolling()) for each in results if each.group != "limit"]
    top, above = bars(0, f"A whole day of {world}, seconds", day)
    height, below = bars(top, "Its rolling step, seconds", step)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">
<rect width="{WIDTH}" height="{height}" fill="white"/>
{above}
{below}
</svg>
"""


def bars(top: int, title: str, timed: list[tuple[Result, float, float]]) -> tuple[int, str]:
    """A titled group of bars from `top` on, and where it ends. Each: who, its seconds, those of the program."""
    lines = [f'<text x="12" y="{top + 24}" font-weight="bold">{escape(title)}</text>']
    y = top + 38
    longest = min(max(seconds for _, seconds, _ in timed), MOST * timed[0][1])
    for result, seconds, ours in timed:
        length = max(1, round(LONGEST * min(1, seconds / longest)))
        more = "over " if result.stopped() else ""
        text = f"{more}{seconds:.1f}" + ("" if seconds == ours else f" ({more}{seconds / ours:.1f}x)")
        middle = y + BAR - 5
        lines += [
            f'<text x="{LABELS - 8}" y="{middle}" text-anchor="end">{escape(result.name)}</text>',
            f'<rect x="{LABELS}" y="{y}" width="{length}" height="{BAR}" fill="{COLOURS[result.group]}"/>',
            f'<text x="{LABELS + length + 6}" y="{middle}">{text}</text>',
        ]
        if seconds > longest:
            x = LABELS + length - 30
            lines.append(f'<path d="M{x} {y + BAR} l8 -{BAR} h6 l-8 {BAR} z" fill="white"/>')
        y += BAR + GAP
    return y + 8, "\n".join(lines)
