"""Who is timed on one day of a world: the program with its engines, limits, and peers of its rolling step."""

import shutil
import sys
from pathlib import Path

from measure import Contestant, Sample, run
from program import one_day
from worlds import BENCH, LAST_DAY, ROOT, World

LIMITS = {
    "DuckDB rewriting the result": "limits.duckdb_rewrite",
    "Arrow rewriting the result": "limits.arrow_rewrite",
}
# Each peer's module, and how its lists can be compared with the program's.
PEERS = {
    "DuckDB window frames": ("peers.duckdb_frames", "multiset"),
    "DuckDB array slices": ("peers.duckdb_slices", "exact"),
    "Polars rolling": ("peers.polars_rolling", "exact"),
    "Polars array slices": ("peers.polars_slices", "exact"),
    "Spark windows": ("peers.spark_windows", "multiset"),
}
SPARK = "Spark windows"


def reference(world: World, timeout: float) -> Contestant:
    """The program as it comes: what it publishes is what others rewrite and are compared with."""
    return Contestant("daeda", "program", lambda: one_day(world, timeout=timeout))


def variant(world: World, name: str, flags: list[str], timeout: float) -> Contestant:
    """The program with other flags, which may not change its result."""
    root = world.path / "data/variant"
    flags = [*flags, "--set", f"runtime.output_root={root}"]
    return Contestant(
        name,
        "program",
        run=lambda: one_day(world, *flags, timeout=timeout),
        check=lambda: verify("exact", world.published, root / f"dt={LAST_DAY}"),
        checked="exact",
    )


def limit(world: World, name: str, timeout: float) -> Contestant:
    result = world.path / "limit"
    return Contestant(name, "limit", lambda: compute(LIMITS[name], world.published, result, timeout))


def peer(world: World, name: str, spine: Path, timeout: float) -> Contestant:
    module, how = PEERS[name]
    result = world.path / "peer"

    def rolling_step() -> Sample:
        sample = compute(module, spine, result, timeout)
        return Sample(sample.seconds, sample.peak_mib, rolling=sample.seconds)

    return Contestant(
        name,
        "peer",
        run=rolling_step,
        check=lambda: verify(how, world.published, result),
        checked=how,
    )


def compute(module: str, source: Path, result: Path, timeout: float) -> Sample:
    """Runs a module that has a `compute`: the seconds are of this alone, the memory of the whole process."""
    shutil.rmtree(result, ignore_errors=True)
    result.mkdir()
    command = [sys.executable, str(BENCH / "contestant.py"), module, str(source), str(result)]
    finished = run(command, cwd=str(ROOT), timeout=timeout)
    return Sample(float(finished.lines[-1][1]), finished.peak_mib)


def verify(how: str, published: Path, result: Path) -> None:
    script("verify.py", how, published, result)


def script(name: str, *arguments: object) -> str:
    """What a script of this folder prints last."""
    return run([sys.executable, str(BENCH / name), *map(str, arguments)]).lines[-1][1]
