"""Running the skeleton stage, and reading what it published."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterable

import pyarrow as pa
import pyarrow.parquet as pq

from . import _native
from ._config import Config
from ._day import Day, day_text
from ._errors import ConfigError, InputError


@dataclass(frozen=True)
class Step:
    """Rows in and out of one step, on the target day's own rows."""

    step: str
    """`spine`, `embedding_coverage`, `session_filter` or `content_filter`."""
    rows_in: int
    dropped: dict[str, int]
    """Rows by the reason for which they were dropped."""
    rows_out: int


@dataclass(frozen=True)
class DayReport:
    """What became of one target day."""

    day: str
    """`YYYY-MM-DD`; the path of a feed file whose days can't be listed."""
    status: str
    """`published`, `up to date`, `failed` or `not run`."""
    reasons: str
    """Why it was to compute; empty when it was not."""
    row_accounting: list[Step]
    """In the order of the steps; empty when the day failed early."""
    rows_out: int
    """Rows published."""
    bytes: int
    """Size of the day's part files."""
    seconds: float
    """Wall time."""
    error: str
    """Why it failed; empty when it did not."""
    error_code: int | None
    """The exit code of that error; None when it did not fail."""


@dataclass(frozen=True)
class RunWarning:
    """Something that is seldom meant: a name that nothing has, rows that are never used. Shown as text, it is `name: text`."""

    name: str
    """As in `warnings` of `training/runtime.yaml`: `unknown-event`, `absent-passthrough`, `empty-join`, `newer-features`, `missing-partition`, `misplaced-rows`, `null-times`, `unused-aggregation` or `unknown-codes`; empty for a named date that has no row."""
    subject: str
    """What it is about, such as an event or `view x`; empty for the feed as a whole."""
    text: str
    """For a person; counts in it are of the first day that was looked at."""
    days: list[str]
    """The target days for which it holds, in order."""

    def __str__(self) -> str:
        return f"{self.name}: {self.text}" if self.name else self.text


@dataclass(frozen=True)
class Report:
    """What became of a run."""

    days: list[DayReport]
    """In the order of time."""
    warnings: list[RunWarning]
    """Each once, with the days for which it holds. One that the configuration makes an error fails the day instead."""
    exit_code: int
    """0 all done, 1 some days failed, or the code that all failed days share: as `daeda`."""


@dataclass(frozen=True)
class Progress:
    """Something that happened in a run."""

    kind: str
    """`run_started`, `day_started`, `stage_started`, `stage_finished`, `day_finished` or `warning`."""
    day: str | None = None
    """Of all but `run_started` and `warning`."""
    stage: str | None = None
    """Of `stage_started` and `stage_finished`."""
    seconds: float | None = None
    """Wall time of the stage or day that finished."""
    status: str | None = None
    """Of `day_finished`; as in `DayReport`."""
    details: dict[str, Any] = field(default_factory=dict)
    """`run_started`: `days`, those to compute, `stages_per_day`, and `shared_stages`, those that days share (their `day` begins with "sweep"). `day_started`: `reasons`. `warning`: `text`."""


def _progress_of(kind: str, values: dict[str, Any]) -> Progress:
    own = {key: values.pop(key) for key in ("day", "stage", "seconds", "status") if key in values}
    return Progress(kind, **own, details=values)


def run_skeleton_stage(
    config: Config,
    target_dates: Day | Iterable[Day] | None = None,
    day_workers: int | None = None,
    progress: Callable[[Progress], object] | None = None,
    *,
    force: bool = False,
    fail_fast: bool = False,
) -> Report:
    """Computes and publishes target days: `output_root/dt=YYYY-MM-DD/part-N-0.parquet`, each by one rename or not at all.

    The same as `daeda pipeline train … --skeleton-only`. Days that are published already and up to date are left alone. Ctrl-C
    stops the run within moments, raises `KeyboardInterrupt`, and leaves what was published; the next run goes on from there.

    Args:
        target_dates: The days to compute; all days of `feed_start..feed_end` with data when it is None.
        day_workers: Days at a time; `runtime.day_workers` when it is None.
        progress: Called with each `Progress`, from other threads; what it raises stops the run.
        force: Compute also days that are up to date.
        fail_fast: Begin no day after the first failed one.

    Returns:
        What became of each day. A failed day raises nothing: look at `Report.exit_code`, or `DayReport.status`.

    Raises:
        ConfigError: A target date outside of `feed_start..feed_end`, or what only the data's columns can show of the
            configuration.
        InputError: No day with data, or a view or the embedding pool is missing.
        MachineError: The machine does not let the run begin.
    """
    days = None if target_dates is None else _day_texts(target_dates)
    callback = None if progress is None else lambda kind, values: progress(_progress_of(kind, values))
    reports, found, exit_code = _native.run_skeleton_stage(config._native, days, day_workers, force, fail_fast, callback)
    steps = [[Step(*step) for step in each.pop("row_accounting")] for each in reports]
    done = [DayReport(row_accounting=accounting, **each) for accounting, each in zip(steps, reports)]
    warnings = [RunWarning(*each) for each in found]
    for missing in sorted(set(days or ()) - {each.day for each in done}):
        warnings.append(RunWarning("", missing, f"the feed has no row on {missing}: it was not computed", [missing]))
    return Report(done, warnings, exit_code)


def _day_texts(dates: Day | Iterable[Day]) -> list[str]:
    single = isinstance(dates, (str, datetime.date))
    texts = [day_text(each) for each in ([dates] if single else dates)]
    if not texts:
        raise ConfigError("target_dates holds no day", "name at least one, or leave it out for all days with data")
    return texts


def read_day(output_root: str | os.PathLike[str], day: Day) -> pa.Table:
    """The rows of a published day, in their order.

    Args:
        output_root: Of the configuration (`Config.output_root`).
        day: The day.

    Returns:
        The columns of `output_columns`, and `qid` where the feed has sessions.

    Raises:
        InputError: The day is not published, or a part of it can't be read.
    """
    [text] = _day_texts(day)
    directory = Path(output_root) / f"dt={text}"
    parts = sorted(directory.glob("part-*-0.parquet"), key=lambda path: int(path.name.split("-")[1]))
    if not parts:
        published = sorted(path.name.removeprefix("dt=") for path in Path(output_root).glob("dt=*"))
        span = f"{len(published)} days of {published[0]} to {published[-1]} are" if published else "no day is"
        raise InputError(f"{text} is not published in {output_root}: {span}", "run_skeleton_stage() publishes days")
    try:
        return pa.concat_tables(pq.ParquetFile(part).read() for part in parts)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{directory} can't be read: {error}", "compute the day again with force=True") from error
