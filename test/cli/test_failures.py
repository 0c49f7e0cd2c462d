"""Runs that can't do all they were asked: the exit code, what is named, and what stays published."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import daeda_process as dp
from failing import add_invalid_rows, corrupt

MAY = ["2026-05-30", "2026-05-31"]
JUNE = "2026-06-01"


def test_a_day_without_data_names_the_nearest(untouched_world: Path) -> None:
    for day, nearest in [("2026-05-20", "2026-05-30"), ("2026-06-15", JUNE)]:
        done = dp.train(untouched_world, "--target-date", day)
        assert (done.returncode, done.stdout) == (4, "")
        assert day in done.stderr and nearest in done.stderr


def test_the_nearest_days_of_both_sides_are_named(world: Path) -> None:
    (world / "data/feed/month=202605/2026-05-31.parquet").unlink()
    done = dp.train(world, "--target-date", "2026-05-31")
    assert done.returncode == 4
    assert "2026-05-30" in done.stderr and JUNE in done.stderr


def test_a_feed_without_files(world: Path) -> None:
    for file in (world / "data/feed").rglob("*.parquet"):
        file.unlink()
    done = dp.train(world)
    assert (done.returncode, done.stdout) == (4, "")
    assert "data/feed/month={YYYYMM}/*.parquet" in done.stderr


def test_a_view_without_files(world: Path) -> None:
    (world / "data/views/artwork_tack/part-0.parquet").unlink()
    done = dp.train(world)
    assert done.returncode == 4
    assert "artwork_tack" in done.stderr
    assert dp.published_days(dp.output_root(world)) == []


def test_a_pool_that_is_missing_matters_only_when_it_is_needed(world: Path) -> None:
    (world / "data/embeddings.lance").rename(world / "data/other.lance")
    done = dp.train(world, "--target-date", MAY[0])
    assert done.returncode == 4
    assert "data/embeddings.lance" in done.stderr
    dp.trained(world, "--target-date", MAY[0], "--set", "runtime.embedding_coverage_filter.enabled=false")


def test_a_file_that_is_no_parquet_fails_only_the_days_that_need_it(world: Path) -> None:
    name = corrupt(world, JUNE).name
    done = dp.train(world)
    assert done.returncode == 1
    assert name in done.stdout + done.stderr
    assert dp.published_days(dp.output_root(world)) == MAY


def test_a_file_that_every_day_needs_fails_them_all(world: Path) -> None:
    name = corrupt(world, MAY[0]).name
    done = dp.train(world)
    assert done.returncode == 4
    assert name in done.stdout + done.stderr
    assert dp.published_days(dp.output_root(world)) == []


def test_a_missing_column_of_the_feed_is_an_input_error(world: Path) -> None:
    file = world / f"data/feed/month=202606/{JUNE}.parquet"
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE rows_left AS SELECT * EXCLUDE (event) FROM '{file}'")
        db.execute(f"COPY rows_left TO '{file}'")
    done = dp.train(world, "--target-date", JUNE)
    assert done.returncode == 4
    assert file.name in done.stdout + done.stderr and "event" in done.stdout + done.stderr


def test_too_many_invalid_rows_leave_the_published_day(world: Path) -> None:
    root = dp.output_root(world)
    dp.trained(world, "--target-date", JUNE)
    before = dp.data_bytes(root, manifests=True)
    add_invalid_rows(world, JUNE)
    done = dp.train(world, "--target-date", JUNE)
    assert done.returncode == 3
    assert "invalid" in done.stdout + done.stderr
    dp.assert_same_data(dp.data_bytes(root, manifests=True), before)

    dp.trained(world, "--target-date", JUNE, "--set", "runtime.max_invalid_fraction=0.5")
    assert dp.accounting(root, JUNE)["spine"]["dropped"] == {"invalid": 3}


def test_a_day_that_fails_its_check_does_not_stop_the_others(world: Path) -> None:
    add_invalid_rows(world, MAY[0])
    done = dp.train(world)
    assert done.returncode == 1
    assert dp.published_days(dp.output_root(world)) == [MAY[1], JUNE]


def test_different_causes_have_no_common_code(world: Path) -> None:
    add_invalid_rows(world, MAY[1])
    corrupt(world, JUNE)
    done = dp.train(world, "--from", MAY[1])
    assert done.returncode == 1
    assert dp.published_days(dp.output_root(world)) == []


def test_a_truncated_qid_map_stops_everything(world: Path) -> None:
    root = dp.output_root(world)
    dp.trained(world, "--target-date", MAY[0])
    qid_map = root / "qid_map.parquet"
    qid_map.write_bytes(qid_map.read_bytes()[:100])
    before = dp.data_bytes(root, manifests=True)
    done = dp.train(world, "--target-date", MAY[1])
    assert done.returncode == 4
    assert "qid_map.parquet" in done.stdout + done.stderr
    dp.assert_same_data(dp.data_bytes(root, manifests=True), before)


@pytest.mark.parametrize("output", ["occupied", "occupied/below"])
def test_an_output_that_is_not_writable(world: Path, output: str) -> None:
    (world / "occupied").write_text("a file\n")
    done = dp.train(world, "--set", f"runtime.output_root={output}")
    assert done.returncode == 5
    assert "occupied" in done.stdout + done.stderr
    assert (world / "occupied").read_text() == "a file\n"


@pytest.mark.parametrize("limit", ["1MB", "10MB"])
def test_too_little_memory(world: Path, limit: str) -> None:
    done = dp.train(world, "--target-date", JUNE, "--set", f"runtime.compute.duckdb_config.memory_limit={limit}")
    assert done.returncode == 5
    assert "memory_limit" in done.stdout + done.stderr
    assert dp.published_days(dp.output_root(world)) == []


def test_a_lookback_that_is_cut_short_is_told_once(world: Path) -> None:
    for file in (world / "data/feed/month=202605").iterdir():
        file.unlink()
    done = dp.trained(world, "--set", "runtime.feed_start=202606")
    told = [line for line in done.stderr.splitlines() if "missing-partition" in line]
    assert len(told) == 1, done.stderr
    assert "no partition before 2026-06-01" in told[0]
