"""A day appears whole or not at all: while a run goes on, when it is killed, and when it is interrupted."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import daeda_process as dp
from raw_feed_sql import DAYS


def assert_days_are_whole(root: Path) -> list[str]:
    """Every listed day has a manifest, its parts as the manifest states them, and its qids in the map."""
    days = dp.published_days(root)
    for day in days:
        parts = dp.manifest(root, day)["parts"]
        assert parts
        files = {path.name: path.stat().st_size for path in (root / f"dt={day}").glob("*.parquet")}
        assert files == {part["name"]: part["bytes"] for part in parts}
    if days:
        # Read at once: pyarrow opens a path more than once, and the map may be replaced in between.
        qid_map = pa.BufferReader((root / "qid_map.parquet").read_bytes())
        assigned = set(pq.read_table(qid_map).column("qid").to_pylist())
        used = {row["qid"] for row in dp.rows(root, days[-1], ["qid"])} - {None}
        assert used <= assigned
    return days


def watch(process: subprocess.Popen[bytes], root: Path, until_days: int) -> None:
    """Looks at the output until the process ends or so many days are there."""
    while process.poll() is None and len(assert_days_are_whole(root)) < until_days:
        time.sleep(0.005)


@pytest.fixture(scope="module")
def undisturbed(small_world: Path) -> dict[str, bytes]:
    """The bytes of a run that nothing disturbs, which is watched as it goes."""
    root = dp.output_root(small_world)
    process = dp.start_training(small_world)
    watch(process, root, until_days=len(DAYS) + 1)
    assert process.wait() == 0
    assert assert_days_are_whole(root) == DAYS
    return dp.data_bytes(root)


def test_a_day_that_is_published_again_is_whole_at_every_instant(small_world: Path, undisturbed: dict[str, bytes]) -> None:
    root = dp.output_root(small_world)
    process = dp.start_training(small_world, "--force", "--target-date", DAYS[0])
    while process.poll() is None:
        assert (root / f"dt={DAYS[0]}/_manifest.json").is_file() and (root / f"dt={DAYS[0]}/part-0-0.parquet").is_file()
    assert process.returncode == 0
    dp.assert_same_data(dp.data_bytes(root), undisturbed)


@pytest.mark.parametrize(
    ("sent", "exit_code", "days_before", "delay"),
    [
        (signal.SIGKILL, -signal.SIGKILL, 1, 0.0),  # as the next day begins
        (signal.SIGKILL, -signal.SIGKILL, 0, 0.4),  # in the middle of the first
        (signal.SIGKILL, -signal.SIGKILL, 1, 0.3),  # in the middle of the second
        (signal.SIGINT, 130, 1, 0.2),
        (signal.SIGINT, 130, 2, 0.0),
        (signal.SIGTERM, 130, 0, 0.2),
    ],
)
def test_published_days_stay_and_the_next_run_completes(
    small_world: Path,
    undisturbed: dict[str, bytes],
    tmp_path: Path,
    sent: signal.Signals,
    exit_code: int,
    days_before: int,
    delay: float,
) -> None:
    """The run stands still within the last day, in case that the signal is late."""
    world, root = tmp_path / "world", dp.output_root(tmp_path / "world")
    shutil.copytree(small_world, world, ignore=shutil.ignore_patterns("training_output", "tmp", "backwards"))
    process = dp.start_training(world, env={"DAEDALUS_FAULT": f"stage.published_rows:{len(DAYS)}:wait"}, program=dp.FAULTS)
    watch(process, root, until_days=days_before)
    while process.poll() is None and not (root / "_work").is_dir():
        time.sleep(0.005)  # a signal before the program has begun proves nothing
    time.sleep(delay)
    process.send_signal(sent)
    assert process.wait(dp.TIME_LIMIT_S) == exit_code
    days = assert_days_are_whole(root)
    assert days_before <= len(days) < len(DAYS)
    kept = {path: path.stat().st_ino for path in root.glob("dt=*/*")}

    dp.trained(world)
    assert assert_days_are_whole(root) == DAYS
    assert {path: path.stat().st_ino for path in kept} == kept, "a published day was computed again"
    dp.assert_same_data(dp.data_bytes(root), undisturbed)
    assert [path.name for path in root.iterdir() if not path.name.startswith(("dt=", "_", "."))] == ["qid_map.parquet"]
    assert not (root / "_work").exists(), "what the stopped run left is still there"
