"""Help, version and usage errors: exit codes, and which stream says what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import daeda_process as dp

COMMANDS = [
    [], ["pipeline"], ["pipeline", "train"], ["status"], ["retry"], ["clean"], ["check"], ["catalog"], ["catalog", "list"], ["catalog", "show"],
    ["catalog", "days"], ["config"], ["config", "show"], ["synth"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_examples(tmp_path: Path, command: list[str]) -> None:
    done = dp.run(tmp_path, *command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^Examples:\n  daeda ", done.stdout, re.M)
    assert "\x1b" not in done.stdout


def test_help_of_the_program_tells_the_exit_codes(tmp_path: Path) -> None:
    text = dp.run(tmp_path, "--help").stdout
    for code in (0, 1, 2, 3, 4, 5, 70, 130):
        assert re.search(rf"\b{code} ", text), code


def test_version_names_the_engines(tmp_path: Path) -> None:
    done = dp.run(tmp_path, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"daeda \d+\.\d+\.\d+ \(DuckDB v[\d.]+, Arrow [\d.]+\)\n", done.stdout)


TRAIN = dp.TRAIN


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ([], ["pipeline", "catalog"]),
        (["pipeline"], ["train"]),
        (["trian"], ["trian"]),
        (["pipeline", "train", "dssm_rankin", "--skeleton-only"], ["dssm_rankin", "dssm_ranking"]),
        (["pipeline", "train", "dssm_ranking"], ["--skeleton-only"]),
        (["pipeline", "train", "--skeleton-only"], ["PIPELINE"]),
        ([*TRAIN, "--no-such-flag"], ["--no-such-flag"]),
        ([*TRAIN, "--target-date", "2026-02-30"], ["--target-date", "2026-02-30", "YYYY-MM-DD"]),
        ([*TRAIN, "--target-date", "20260531"], ["--target-date", "20260531"]),
        ([*TRAIN, "--from", "yesterday"], ["--from", "yesterday"]),
        ([*TRAIN, "--to", "2026-5-1"], ["--to", "2026-5-1"]),
        ([*TRAIN, "--target-date", "2026-07-01"], ["2026-07-01", "feed_start", "2026-06-30"]),
        ([*TRAIN, "--target-date", "2026-01-31"], ["2026-01-31", "2026-02-01"]),
        ([*TRAIN, "--from", "2026-05-31", "--to", "2026-05-30"], ["2026-05-31", "2026-05-30"]),
        ([*TRAIN, "--from", "2026-05-30", "--target-date", "2026-05-30"], ["--target-date", "--from"]),
        ([*TRAIN, "--day-workers", "0"], ["--day-workers"]),
        ([*TRAIN, "--day-workers", "two"], ["--day-workers", "two"]),
        ([*TRAIN, "--engine", "polars"], ["--engine", "polars", "native", "duckdb"]),
        (["statsu"], ["statsu", "status"]),
        (["status", "--jsn"], ["--jsn", "--json"]),
        (["status", "more"], ["more"]),
        (["claen"], ["claen", "clean"]),
        (["clean", "--dry-rn"], ["--dry-rn", "--dry-run"]),
        (["retri"], ["retri", "retry"]),
        (["retry"], ["no run", "data/training_output", "daeda pipeline train"]),
        (["retry", "--day-worker", "2"], ["--day-worker", "--day-workers"]),
        (["retry", "--day-workers", "0"], ["--day-workers"]),
        (["status", "--set", "runtime.day_worker=2"], ["day_worker", "day_workers"]),
        ([*TRAIN, "--fail-fast", "--keep-going"], ["--fail-fast", "--keep-going"]),
        (["catalog", "show", "artwork_tac"], ["artwork_tac", "artwork_tack"]),
        (["catalog", "show"], ["NAME"]),
        (["synth"], ["DIR"]),
        (["synth", "elsewhere", "--users", "none"], ["--users", "none"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_usage_error_is_told_on_stderr(untouched_world: Path, command: list[str], says: list[str]) -> None:
    done = dp.run(untouched_world, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert [part for part in says if part not in done.stderr] == [], done.stderr
    assert not dp.output_root(untouched_world).exists()
    assert not (untouched_world / "elsewhere").exists()


def test_synth_leaves_a_world_that_is_there_alone(world: Path) -> None:
    before = {path: path.read_bytes() for path in (world / "data").rglob("*.parquet")}
    done = dp.run(world.parent, "synth", world.name, "--users", "10", "--events-per-day", "50")
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert {path: path.read_bytes() for path in (world / "data").rglob("*.parquet")} == before
