"""The same inputs give the same bytes: again, with other resources, and whatever order the days run in."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import daeda_process as dp
from raw_feed_sql import DAYS

DUCKDB = "runtime.compute.duckdb_config"


def test_force_publishes_the_same_bytes_again(world: Path) -> None:
    root = dp.output_root(world)
    before = dp.data_bytes(root, manifests=True)
    inodes = {path: path.stat().st_ino for path in root.glob("dt=*/part-0-0.parquet")}
    dp.trained(world, "--force", "--target-date", DAYS[1])
    dp.assert_same_data(dp.data_bytes(root, manifests=True), before)
    again = [path.parent.name for path, inode in inodes.items() if path.stat().st_ino != inode]
    assert again == [f"dt={DAYS[1]}"]


def test_days_that_are_up_to_date_are_left_alone(world: Path) -> None:
    root = dp.output_root(world)
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in root.glob("dt=*/*")}
    done = dp.trained(world, "--from", DAYS[0], "--to", DAYS[-1])
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in root.glob("dt=*/*")} == before
    assert done.stdout.count("up to date") >= len(DAYS)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("little", [f"{DUCKDB}.threads=1", f"{DUCKDB}.memory_limit=100MB", "runtime.day_workers=1"]),
        ("much", [f"{DUCKDB}.threads=4", f"{DUCKDB}.memory_limit=8GB", "runtime.day_workers=3"]),
    ],
)
def test_threads_memory_and_day_workers_leave_the_bytes(world: Path, name: str, settings: list[str]) -> None:
    options = [text for setting in [f"runtime.output_root={name}", *settings] for text in ("--set", setting)]
    dp.trained(world, "--from", DAYS[0], "--to", DAYS[-1], *options)
    dp.assert_same_data(dp.data_bytes(world / name), dp.data_bytes(dp.output_root(world)))


def qids(root: Path) -> dict[str, int]:
    rows = pq.read_table(root / "qid_map.parquet").to_pylist()
    return {row["feed_session"]: row["qid"] for row in rows}


def test_known_sessions_keep_their_qid_when_days_run_in_another_order(small_world: Path) -> None:
    root = small_world / "backwards"
    shutil.rmtree(root, ignore_errors=True)
    known: dict[str, int] = {}
    for day in reversed(DAYS):
        dp.trained(small_world, "--target-date", day, "--set", "runtime.output_root=backwards")
        now = qids(root)
        assert {session: now[session] for session in known} == known
        assert sorted(now.values()) == list(range(1, len(now) + 1))
        assert max(now.values()) > len(known), "no new session"
        known = now
    before = dp.data_bytes(root)
    dp.trained(small_world, "--force", "--day-workers", "3", "--set", "runtime.output_root=backwards")
    dp.assert_same_data(dp.data_bytes(root), before)


def test_a_touched_input_is_computed_again(small_world: Path, tmp_path: Path) -> None:
    world = tmp_path / "world"
    shutil.copytree(small_world, world)
    feed = world / f"data/feed/month=202605/{DAYS[0]}.parquet"
    dp.trained(world, "--target-date", DAYS[0])
    feed.touch()
    done = dp.trained(world, "--target-date", DAYS[0])
    assert re.search(rf"^{DAYS[0]}.* published$", done.stdout, re.M)


@pytest.mark.parametrize("change", ["path", "size"])
def test_an_input_of_the_same_time_is_computed_again(small_world: Path, tmp_path: Path, change: str) -> None:
    """What a copy that keeps the time changes: the name of a file alone, or its size alone."""
    world = tmp_path / "world"
    shutil.copytree(small_world, world)
    view = next((world / "data/views/artwork_aesthetic").glob("*.parquet"))
    dp.trained(world, "--target-date", DAYS[0])
    if change == "path":
        view.rename(view.with_name("renamed.parquet"))
    else:
        time = view.stat().st_mtime_ns
        pq.write_table(pq.read_table(view), view, compression="none")
        os.utime(view, ns=(time, time))
    done = dp.trained(world, "--target-date", DAYS[0])
    assert re.search(rf"^{DAYS[0]}.* published$", done.stdout, re.M)
