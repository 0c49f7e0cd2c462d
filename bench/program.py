"""Runs of the program itself, and the time that its rolling step takes."""

import re

from measure import Failed, Finished, Sample, run
from worlds import DAEDA, LAST_DAY, World

ROLLING_STAGES = ("rolling_events", "aggregate_pit_table")


def pipeline(world: World, *flags: str, timeout: float | None = None) -> Finished:
    command = [DAEDA, "pipeline", "train", "dssm_ranking", "--skeleton-only", "--force", *flags]
    return run(command, cwd=str(world.path), timeout=timeout)


def one_day(world: World, *flags: str, timeout: float | None = None) -> Sample:
    """The last day: the whole process from start to end, and its rolling step."""
    finished = pipeline(world, "--target-date", LAST_DAY, *flags, timeout=timeout)
    return Sample(finished.seconds, finished.peak_mib, rolling_seconds(finished))


def rolling_seconds(finished: Finished) -> float:
    """Stages are told as they end, with rounded seconds; the times between their lines are exact."""
    seconds = {}
    before = 0.0
    for at, line in finished.lines:
        if told := re.match(rf"(?:sweep )?{LAST_DAY}  ([a-z_]+)  ", line):
            seconds[told[1]] = at - before
            before = at
    if not set(ROLLING_STAGES) <= set(seconds):
        raise Failed(f"the program told of the stages {', '.join(seconds)}; not of {', '.join(ROLLING_STAGES)}")
    return sum(seconds[stage] for stage in ROLLING_STAGES)
