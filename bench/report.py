"""The report: benchmarks.md and its chart, from what the suite has measured."""

import shlex
import sys
from datetime import date
from pathlib import Path

from chart import chart
from machine import machine, versions
from measure import Result
from suite import BACKFILL_DAYS, Measured
from targets import backfill_ratio, targets

REHEARSAL = "A rehearsal on worlds of another size: its times tell nothing of the program.\n"
METHOD = (Path(__file__).parent / "method.md").read_text()


def write_report(measured: Measured, folder: Path, scale: float) -> None:
    """Writes both files into `folder`, and prints the text. Targets are for worlds in their full size."""
    folder.mkdir(parents=True, exist_ok=True)
    contested = [name for name, results in measured.days.items() if len(results) > 1]
    parts = [head()]
    if contested:
        shown = max(contested, key=lambda name: len(measured.days[name]))
        (folder / "benchmarks.svg").write_text(chart(shown, measured.days[shown]))
        parts.append(f"![The program, limits and peers on world {shown}](benchmarks.svg)\n")
    parts += [target_table(measured) if scale == 1 else REHEARSAL, world_table(measured)]
    parts += [day_tables(name, measured.days[name]) for name in contested]
    if measured.backfill:
        parts.append(backfill_table(measured.backfill))
    text = "\n".join(part for part in [*parts, METHOD] if part)
    (folder / "benchmarks.md").write_text(text)
    print(text)


def head() -> str:
    command = shlex.join(["bench/run.sh", *sys.argv[1:]])
    return f"""\
# Benchmarks

Written by `{command}` on {date.today()}. `make bench` measures again in minutes, `make bench-full` everything.

- {machine()}
- {"; ".join(versions())}
"""


def target_table(measured: Measured) -> str:
    rows = [
        [each.what, f"{each.sign} {each.bound:g}x", f"{each.ratio:.2f}x", "yes" if each.met() else "**no**"]
        for each in targets(measured)
    ]
    return "## Targets\n\n" + table(["ratio", "target", "measured", "met"], rows) if rows else ""


def world_table(measured: Measured) -> str:
    """Sizes, and the program's day wherever it was timed."""
    rows = []
    for name, facts in measured.facts.items():
        users = facts.world.users + (facts.world.heavy_user_events > 0)
        counts = [users, facts.events, facts.spine, facts.rows, facts.elements]
        day = measured.days[name][0] if name in measured.days else None
        timed = [number(day.seconds()), number(day.rolling()), mib(day)] if day else ["", "", ""]
        rows.append([name, *(f"{count:,}" if count else "" for count in counts), f"{facts.bytes / 1e6:,.1f}", *timed])
    sizes = ["users", "events", "in the day's spine", "rows of the day", "list elements", "MB"]
    return "## Worlds\n\n" + table(["world", *sizes, "the day, s", "its rolling step, s", "peak MiB"], rows)


def day_tables(name: str, results: list[Result]) -> str:
    """Whole days beside the limits, then rolling steps beside the peers."""
    day, step = results[0].seconds(), results[0].rolling()
    whole = [
        [each.name, spread(each, "seconds"), mib(each), ratio(day, each.seconds(), "under", each)]
        for each in results
        if each.group != "peer"
    ]
    rolling = [
        [each.name, spread(each, "rolling"), mib(each), each.checked, ratio(each.rolling(), step, "over", each)]
        for each in results
        if each.group != "limit"
    ]
    return (
        f"## A day of {name}\n\n"
        + table(["a whole day", "s", "peak MiB", "daeda takes"], whole)
        + "\n"
        + table(["the rolling step", "s", "peak MiB", "compared", "takes, of daeda"], rolling)
    )


def backfill_table(results: list[Result]) -> str:
    *many, alone = results
    rows = []
    for way in many:
        a_day = way.seconds() / BACKFILL_DAYS
        rows.append([way.name, spread(way, "seconds"), number(a_day), mib(way), f"{a_day / alone.seconds():.2f}x"])
    rows.append([alone.name, spread(alone, "seconds"), number(alone.seconds()), mib(alone), "1.00x"])
    return "## A backfill\n\n" + table(["run", "s", "s a day", "peak MiB", "a day takes"], rows)


def table(columns: list[str], rows: list[list[str]]) -> str:
    """Text in the first column, numbers in the others."""
    lines = [columns, ["---"] + ["---:"] * (len(columns) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def spread(result: Result, what: str) -> str:
    """The median, and between which times it lies."""
    values = [getattr(sample, what) for sample in result.samples]
    if not values:
        return f"stopped after {result.timeout:,.0f}"
    if len(values) == 1:
        return f"{number(values[0])} (once)"
    return f"{number(getattr(result, what)())} ({number(min(values))} to {number(max(values))})"


def ratio(part: float, whole: float, bound: str, contestant: Result) -> str:
    """A mere bound where the contestant was stopped."""
    return (f"{bound} " if contestant.stopped() else "") + f"{part / whole:.2f}x"


def number(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:,.1f}"


def mib(result: Result) -> str:
    return f"{result.peak_mib():,.0f}"
