"""What holds for every call into the library: other threads go on, Ctrl-C stops it, and its tables are not copied."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

import daeda_process as dp
import daedalus
from daedalus import _native
from python_world import another_thread_runs_during

MANY = """
import sys, daedalus, numpy, pyarrow as pa
place = numpy.arange(3_000_000)
many = pa.table({"user_id": place % 1000, "artwork_id": place % 1001, "event": pa.repeat("like", len(place)), "event_timestamp": place.astype("datetime64[us]")})
likes = {"name": "likes", "column": "artwork_id", "events": ["like"], "windows": "cumulative"}
try:
    print("begun", flush=True)
    daedalus.aggregate_pit_table(many, likes, engine=sys.argv[1])
    print("done")
except KeyboardInterrupt:
    print("interrupted", daedalus.aggregate_pit_table(many.slice(0, 3), likes, engine=sys.argv[1])["likes"].to_pylist(), flush=True)
"""


@pytest.mark.parametrize("engine", ["native", "duckdb", "polars"])
def test_ctrl_c_stops_an_aggregation(engine: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", MANY, engine], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    time.sleep(0.2)  # so that it is likely within the library; the test holds wherever it is
    os.kill(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=dp.TIME_LIMIT_S)
    assert rest == "interrupted [[], [], []]\n"


def test_other_threads_go_on(config: daedalus.Config) -> None:
    def call() -> tuple[float, float]:
        began = time.monotonic()
        daedalus.Catalog(config).aggregate("like_artwork_ids", "2026-05-15")
        return began, time.monotonic()

    assert another_thread_runs_during(call)


def buffers(table: pa.Table) -> list[int]:
    return [buffer.address for column in table.columns for chunk in column.chunks for buffer in chunk.buffers() if buffer]


def test_tables_come_out_without_a_copy(config: daedalus.Config) -> None:
    """Whoever takes a table of the library twice has the same memory twice."""
    made = _native.view(config._native, "user_profile", None)
    once, twice = pa.table(made), pa.table(made)
    assert once.num_rows > 0 and buffers(once) == buffers(twice)
