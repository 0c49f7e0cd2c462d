"""A machine that has run out of something: disk, memory, room to spill, file descriptors; or that lets nobody write.

What can't be mounted is not tested, and pytest's closing lines say so."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import duckdb
import pytest

import daeda_process as dp
import fault_world as fw
from disturbed_run import TARGET, Bench, Fault, of_day

PAGE = 4096
STEP = 1 if "DAEDALUS_ALL_FAULTS" in os.environ else 3
BIG = "2026-05-20"
BIG_ROWS = 200_000


@contextmanager
def mounted(directory: Path, *commands: list[str]) -> Iterator[None]:
    directory.mkdir(exist_ok=True)
    try:
        for command in commands:
            done = subprocess.run(["mount", *command, str(directory)], capture_output=True, text=True)
            if done.returncode != 0:
                warnings.warn(f"NOT TESTED: {os.environ['PYTEST_CURRENT_TEST']}: this needs to mount, {done.stderr.strip()}")
                pytest.skip("can't mount")
        yield
    finally:
        while subprocess.run(["umount", str(directory)], capture_output=True).returncode == 0:
            pass


def test_a_full_disk(bench: Bench) -> None:
    """Disks with room for ever more, until the day has room."""
    published = []
    problems = []
    for pages in range(0, 40, STEP):
        root = bench.world / f"disk-with-{pages}-pages"
        with mounted(root, ["-t", "tmpfs", "-o", "size=1m", "tmpfs"]):
            shutil.copytree(bench.world / "before", root, dirs_exist_ok=True)
            ballast = root / "_ballast"
            ballast.write_bytes(bytes((os.statvfs(root).f_bavail - pages) * PAGE))

            def repair() -> None:
                published.append(bench.unsound(root, must_be_after=True) == [])
                ballast.unlink()

            problems += bench.problems_at(root, Fault(root.name, {}, {0, 5}, "output_root"), repair)
    print(f"{len(published)} disks, of which {published.count(False)} were too small, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])
    assert (published[0], published[-1]) == (False, True)


def test_an_output_that_nobody_may_write(bench: Bench) -> None:
    """A bind mount, since root may write wherever modes forbid it."""
    root = bench.fresh_root("read-only")
    with mounted(root, ["--bind", str(root)], ["-o", "remount,bind,ro"]):
        assert bench.problems_at(root, Fault(root.name, {}, {5}, "set output_root to"), lambda: subprocess.run(["umount", root], check=True)) == []


def test_reading_an_output_that_nobody_may_write(bench: Bench) -> None:
    root = bench.fresh_root("read-only-and-up-to-date")
    dp.trained(bench.world, *bench.flags(root))
    with mounted(root, ["--bind", str(root)], ["-o", "remount,bind,ro"]):
        done = dp.train(bench.world, *bench.flags(root))
        assert done.returncode == 0 and "1 up to date" in done.stdout
        assert "warning: `daeda status` and `daeda retry` won't know of this run" in done.stderr
        status = dp.run(bench.world, "status", "--set", f"runtime.output_root={root.name}")
        assert status.returncode == 0 and "1 published, 2 stale" in status.stdout


def test_too_few_file_descriptors(bench: Bench) -> None:
    """From none to spare to enough."""
    limited = bench.world / "limited.sh"
    limited.write_text(f'#!/bin/sh\nulimit -n "$OPEN_FILES" && exec {dp.FAULTS} "$@"\n')
    limited.chmod(0o755)
    # Fewer than that and the program can't be loaded.
    limits = [*range(4, 20, STEP), 64]
    faults = [Fault(f"open-files-{n}", {"OPEN_FILES": str(n)}, {5} if n == 4 else {0} if n == 64 else {0, 5}, "ulimit -n") for n in limits]
    problems = bench.walk(faults, program=limited)
    print(f"{len(limits)} limits, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])


@pytest.fixture(scope="module")
def big_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three small days, and one of many rows too late to read them."""
    world = fw.make_world(tmp_path_factory.mktemp("fault") / "big-day")
    duckdb.sql(
        f"""COPY (SELECT 'u' || i % 5000 AS user_id, 'a' || i * 7 % 9999 AS artwork_id, TIMESTAMP '{BIG}' + INTERVAL (i * 400) MILLISECOND AS event_timestamp,
        'like' AS event, 's' || i // 10 AS feed_session FROM range({BIG_ROWS}) AS t(i)) TO '{world}/feed/month=202605/{BIG}.parquet'"""
    )
    return world


def settings(**values: str) -> list[str]:
    return [text for key, value in values.items() for text in ("--set", f"runtime.compute.duckdb_config.{key}={value}")]


def check_that_the_big_day_alone_fails(world: Path, bench: Bench, flags: list[str], *named: str) -> None:
    shutil.rmtree(world / "output", ignore_errors=True)
    done = dp.train(world, *flags)
    failures = [line for line in done.stdout.splitlines() if " failed (" in line]
    assert done.returncode == 1, done.stdout
    assert len(failures) == 1 and failures[0].startswith(f"{BIG} failed (machine): ")
    assert [name for name in named if name not in done.stdout] == [], done.stdout
    left = {name: content for name, content in dp.data_bytes(world / "output").items() if name != "qid_map.parquet"}
    assert left == {name: content for name, content in bench.before.items() if name.startswith("dt=") and name.endswith(".parquet")}
    assert "Possible solutions" not in done.stdout, "DuckDB's advice is to set what we set"


def test_out_of_memory(big_day: Path, bench: Bench) -> None:
    flags = settings(memory_limit="20MB", max_temp_directory_size="0MB")
    check_that_the_big_day_alone_fails(big_day, bench, flags, "Out of Memory", "raise compute.duckdb_config.memory_limit")
    dp.trained(big_day, "--target-date", BIG, "--set", "runtime.entity_spine_chunk_rows=100000")
    assert dp.accounting(big_day / "output", BIG)["content_filter"]["rows_out"] == BIG_ROWS


def test_no_room_to_spill(big_day: Path, bench: Bench) -> None:
    spill = big_day / "small-spill"
    with mounted(spill, ["-t", "tmpfs", "-o", "size=1m", "tmpfs"]):
        flags = settings(memory_limit="40MB", temp_directory=spill.name)
        check_that_the_big_day_alone_fails(big_day, bench, flags, "failed to offload", "give temp_directory more room")
