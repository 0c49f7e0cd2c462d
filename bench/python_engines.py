#!/usr/bin/env python3
"""Times the engines of aggregate_pit_table() in Python on a world of `daeda synth`, each in a process of its own, and compares their lists.

    .deps/venv/bin/python bench/python_engines.py WORLD [DAY [ENGINE …]]     # after `make python`

The events are all of the feed, with the columns that the world's aggregation_specs list, the rows those of DAY (2026-05-15 when left out).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time

ENGINES = ["native", "duckdb", "polars"]
SETTINGS = {"threads": 2, "memory_limit": "4GB"}


def measure(day: str, engine: str) -> str:
    """Tells the figures of one engine, in the directory of the world, and gives hashes of the lists."""
    import duckdb
    import pyarrow as pa

    import daedalus

    config = daedalus.load_config("config")
    catalog = daedalus.Catalog(config)
    views = {name: catalog.view(name) for name in ("artwork_properties", "artwork_generation", "artwork_tack")}
    with duckdb.connect(config={"threads": 2}) as db:
        for name, view in views.items():
            db.register(name, view)
        events = db.sql(
            "SELECT user_id, artwork_id, event_timestamp, event, author_id, model_id, tack_ids "
            "FROM read_parquet('data/feed/*/*.parquet', hive_partitioning = false) "
            "LEFT JOIN artwork_properties USING (artwork_id) LEFT JOIN artwork_generation USING (artwork_id) LEFT JOIN artwork_tack USING (artwork_id) "
            "WHERE user_id IS NOT NULL AND artwork_id IS NOT NULL AND event IS NOT NULL AND event_timestamp IS NOT NULL"
        ).to_arrow_table()
        rows = db.sql(f"SELECT user_id, artwork_id, event_timestamp FROM events WHERE CAST(event_timestamp AS DATE) = DATE '{day}'").to_arrow_table()
    began, began_cpu = time.perf_counter(), time.process_time()
    made = daedalus.aggregate_pit_table(events, config.aggregation_specs, rows, engine, duckdb_config=SETTINGS)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - began_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    lists = [name for name in made.column_names if pa.types.is_list(made[name].type)]
    elements = sum(len(chunk.flatten()) for name in lists for chunk in made[name].chunks)
    columns = made.column_names[rows.num_columns :]
    hashes = duckdb.sql(f"SELECT {', '.join(f'bit_xor(hash({name}, event_timestamp, user_id))' for name in columns)} FROM made").fetchone()
    print(f"{engine:8} {len(events):,} events ({events.nbytes / 2**30:.1f} GB), {len(rows):,} rows, {len(columns)} columns, {elements:,} elements: "
          f"{seconds:.1f} s, {cpu_seconds:.1f} CPU s, {peak:.1f} GB", file=sys.stderr)  # fmt: skip
    return str(hashes)


def main() -> None:
    world, *rest = sys.argv[1:]
    if rest[:1] == ["--one"]:
        os.chdir(world)
        print(measure(*rest[1:]))
        return
    day, *engines = rest or ["2026-05-15"]
    hashes = set()
    for engine in engines or ENGINES:
        command = [sys.executable, __file__, world, "--one", day, engine]
        hashes.add(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    if len(hashes) > 1:
        sys.exit("the engines differ")


if __name__ == "__main__":
    main()
