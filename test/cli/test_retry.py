"""`daeda retry`: the failed days of the last run and no others, as that run was asked to make them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import daeda_process as dp
from failing import add_invalid_rows, corrupt

DAYS = ["2026-05-30", "2026-05-31", "2026-06-01"]


def table_days(stdout: str) -> dict[str, str]:
    """Day to status, of the table of a run."""
    lines = [line for line in stdout.splitlines() if re.match(r"\S+ +[\d,-]+ ", line)]
    return {line.split()[0]: re.split(r" {2,}", line)[-1] for line in lines}


def test_only_the_failed_days_are_repeated(world: Path) -> None:
    bad = add_invalid_rows(world, DAYS[0])
    assert dp.train(world, "--to", DAYS[1]).returncode == 1
    bad.unlink()
    done = dp.run(world, "retry")
    assert done.returncode == 0, done.stderr
    # DAYS[1] is published and stale now, as its spine read the file; DAYS[2] was not asked for.
    assert table_days(done.stdout) == {DAYS[0]: "published"}
    assert dp.published_days(dp.output_root(world)) == DAYS[:2]
    again = dp.run(world, "retry")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == "nothing failed in the last run of data/training_output\n"


def test_what_fails_again_is_repeated_again(world: Path) -> None:
    bad = [add_invalid_rows(world, day) for day in (DAYS[0], DAYS[2])]
    assert dp.train(world).returncode == 1
    assert dp.run(world, "retry").returncode == 3
    bad[1].unlink()
    done = dp.run(world, "retry", "--day-workers", "2")
    assert done.returncode == 1
    assert table_days(done.stdout) == {DAYS[0]: "failed", DAYS[2]: "published"}
    bad[0].unlink()
    assert table_days(dp.run(world, "retry").stdout) == {DAYS[0]: "published"}


def test_it_has_the_configuration_of_the_run(world: Path) -> None:
    bad = add_invalid_rows(world, DAYS[2])
    options = ["--set", "runtime.output_root=out", "--set", "runtime.entity_spine_chunk_rows=7"]
    assert dp.train(world, *options, "--config-dir", "config", "--target-date", DAYS[2]).returncode == 3
    assert dp.run(world, "retry").returncode == 2  # nothing is known of data/training_output
    bad.unlink()
    (world / "sub").mkdir()
    (world / "config").rename(world / "sub/config")  # the configuration is read where it was
    moved = dp.run(world, "retry", "--config-dir", "sub/config", "--set", "runtime.output_root=out")
    assert moved.returncode == 2 and str(world / "config") in moved.stderr
    (world / "sub/config").rename(world / "config")
    done = dp.run(world, "retry", "--set", "runtime.output_root=out")
    assert done.returncode == 0, done.stderr
    manifest = dp.manifest(world / "out", DAYS[2])
    assert manifest["configuration"]["runtime.entity_spine_chunk_rows"] == "7"
    assert len(manifest["parts"]) > 1
    assert not dp.output_root(world).exists()


def test_edited_sql_and_engine_are_those_of_the_run(world: Path) -> None:
    bad = add_invalid_rows(world, DAYS[2])
    edited = world / "sql/skeleton/filter_to_target_day.sql"
    edited.parent.mkdir(parents=True)
    edited.write_text((dp.PROJECT_ROOT / "sql/skeleton/filter_to_target_day.sql").read_text() + "-- edited\n")
    assert dp.train(world, "--target-date", DAYS[2], "--sql-dir", "sql", "--engine", "duckdb").returncode == 3
    bad.unlink()
    assert dp.run(world, "retry").returncode == 0
    root = dp.output_root(world)
    assert list(dp.manifest(root, DAYS[2])["edited_sql"]) == ["filter_to_target_day"]
    assert json.loads((root / "_last_run.json").read_text())["engine"] == "duckdb"


def test_the_configuration_is_read_as_it_is_now(world: Path) -> None:
    add_invalid_rows(world, DAYS[2])
    assert dp.train(world, "--target-date", DAYS[2]).returncode == 3
    runtime = world / "config/training/runtime.yaml"
    runtime.write_text(runtime.read_text().replace("max_invalid_fraction: 0.001", "max_invalid_fraction: 0.5"))
    assert dp.run(world, "retry").returncode == 0
    assert dp.accounting(dp.output_root(world), DAYS[2])["spine"]["dropped"] == {"invalid": 3}


def test_in_another_directory_its_paths_mean_something_else(world: Path) -> None:
    add_invalid_rows(world, DAYS[2])
    assert dp.train(world, "--target-date", DAYS[2]).returncode == 3
    root = dp.output_root(world)
    done = dp.run(world.parent, "retry", "--config-dir", "world/config", "--set", f"runtime.output_root={root}")
    assert (done.returncode, done.stdout) == (2, "")
    assert str(root) in done.stderr and "\n  fix: go to the directory" in done.stderr


def test_days_that_a_file_hid_are_repeated(world: Path) -> None:
    whole = (world / f"data/feed/month=202606/{DAYS[2]}.parquet").read_bytes()
    file = corrupt(world, DAYS[2])
    assert dp.train(world).returncode == 1
    file.write_bytes(whole)
    done = dp.run(world, "retry")
    assert done.returncode == 0, done.stderr
    assert table_days(done.stdout) == {DAYS[2]: "published"}


def test_days_that_were_not_run_are_told(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[0])
    kept = dp.output_root(world) / "_last_run.json"
    kept.write_text(kept.read_text().replace('"published"', '"not run"'))
    done = dp.run(world, "retry")
    assert done.returncode == 0
    assert "1 day was not run: `daeda pipeline train` goes on from there\n" in done.stdout


def test_it_fails_fast_when_asked_to(world: Path) -> None:
    for day in DAYS:
        add_invalid_rows(world, day)
    assert dp.train(world).returncode == 3
    done = dp.run(world, "retry", "--fail-fast")
    assert done.returncode == 3
    assert table_days(done.stdout) == {DAYS[0]: "failed", DAYS[1]: "not run", DAYS[2]: "not run"}


def test_a_day_that_has_no_row_any_more(world: Path) -> None:
    add_invalid_rows(world, DAYS[2])
    assert dp.train(world, "--target-date", DAYS[2]).returncode == 3
    for file in (world / "data/feed/month=202606").iterdir():
        file.unlink()
    assert dp.run(world, "retry").returncode == 4
