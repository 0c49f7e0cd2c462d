#!/usr/bin/env python3
"""Times the engines of aggregate_pit_table() in Python on one table, each in a process of its own.

    .deps/venv/bin/python bench/python_engines.py [EVENTS]     # after `make python`; 500,000 events when left out
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa

import daedalus

SPECS = [
    {"name": "likes", "column": "artwork_id", "events": ["like"], "windows": ["1d", "3d", "7d"], "exclude_self": True},
    {"name": "authors", "column": "author_id", "events": ["like"], "windows": ["1d", "3d", "7d"], "distinct": True},
    {"name": "n", "agg": "count", "events": ["like"], "windows": ["1d", "3d", "7d"]},
    {"name": "clicks", "column": "artwork_id", "events": ["click"], "windows": "cumulative", "max_length": 50},
]


def table(events: int) -> pa.Table:
    """Eight days, 16 events a user, in the order of time."""
    random = np.random.default_rng(1)
    artworks = random.integers(0, 100_000, events)
    seconds = np.sort(random.integers(0, 8 * 86_400, events))
    return pa.table({
        "user_id": [f"u{user}" for user in random.integers(0, events // 16, events)],
        "event_timestamp": (np.datetime64("2026-05-08", "us") + seconds.astype("timedelta64[s]")),
        "event": random.choice(["like", "view", "click"], events, p=[0.3, 0.6, 0.1]),
        "artwork_id": [f"a{artwork}" for artwork in artworks],
        "author_id": [f"p{artwork % 5_000}" for artwork in artworks],
    })  # fmt: skip


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    if len(sys.argv) < 3:
        for engine in ("native", "duckdb", "polars"):
            subprocess.run([sys.executable, __file__, str(events), engine], check=True)
        return
    given = table(events)
    began = time.perf_counter()
    made = daedalus.aggregate_pit_table(given, SPECS, engine=sys.argv[2], duckdb_config={"threads": 2, "memory_limit": "4GB"})
    seconds = time.perf_counter() - began
    elements = sum(made[name].combine_chunks().values.__len__() for name in made.column_names if pa.types.is_list(made[name].type))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{sys.argv[2]:8} {events:,} events and rows, {elements:,} list elements: {seconds:.1f} s, {peak:.1f} GB", flush=True)


if __name__ == "__main__":
    main()
