#!/usr/bin/env python3
"""Times one skeleton day against two peers on the same data, interleaved, and prints medians and ratios.

    skeleton_day.py WORLD [REPEATS]

Peers: DuckDB rewriting the finished day (what only reading and writing these bytes costs), and DuckDB making the view
lists alone with window frames, `list() FILTER … OVER (RANGE …)`, checked to give the program's own lists.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb

DAY = "2026-05-15"
DAEDA = os.environ.get("DAEDA", str(Path(__file__).resolve().parent.parent / "build/release/daeda"))
FRAME = "(PARTITION BY user_id ORDER BY event_timestamp RANGE BETWEEN INTERVAL {} DAY PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)"


def connect() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 2, "memory_limit": "4GB", "temp_directory": "out/bench-tmp"})


def skeleton_day(world: Path) -> None:
    command = [DAEDA, "pipeline", "train", "dssm_ranking", "--skeleton-only", "--target-date", DAY, "--force"]
    subprocess.run(command, cwd=world, check=True, capture_output=True)


def rewrite(world: Path) -> None:
    connect().execute(
        f"COPY (FROM '{world}/data/training_output/dt={DAY}/part-*.parquet') TO 'out/bench-rewritten.parquet' (COMPRESSION zstd)"
    )


def window_frames(world: Path) -> None:
    views = "list(artwork_id) FILTER (event IN ('reco_artwork_view', 'reco_artwork_view2')) OVER "
    columns = ", ".join(f"{views}{FRAME.format(days)} AS views_{days}d" for days in (1, 3, 7))
    connect().execute(f"""
        COPY (
          SELECT * FROM (
            SELECT user_id, artwork_id, event_timestamp, {columns}
            FROM (
              SELECT * FROM '{world}/data/feed/month=*/*.parquet'
              WHERE event_timestamp >= TIMESTAMP '{DAY}' - INTERVAL 7 DAY AND event_timestamp < TIMESTAMP '{DAY}' + INTERVAL 1 DAY
                AND (event NOT IN ('reco_artwork_view', 'reco_artwork_view2') OR artwork_id IN (FROM covered))
            )
          ) WHERE event_timestamp >= TIMESTAMP '{DAY}'
        ) TO 'out/bench-frames.parquet' (COMPRESSION zstd)""".replace("(FROM covered)", f"(FROM 'out/bench-covered.parquet')"))


def covered(world: Path) -> None:
    con = connect()
    lance = next(Path(sys.prefix).glob("lib/python3*/site-packages/duckdb_extension_lance/extensions/*/lance.duckdb_extension"))
    con.execute(f"LOAD '{lance}'")
    con.execute(f"COPY (SELECT artwork_id FROM '{world}/data/embeddings.lance' WHERE embedding IS NOT NULL) TO 'out/bench-covered.parquet'")


def check_frames(world: Path) -> None:
    """Window frames give the program's view lists, but for the order of ties."""
    differing = connect().sql(f"""
        SELECT count(*)
        FROM '{world}/data/training_output/dt={DAY}/part-*.parquet' AS ours
        JOIN (SELECT DISTINCT ON (user_id, event_timestamp) * FROM 'out/bench-frames.parquet') AS theirs
          USING (user_id, event_timestamp)
        WHERE list_sort(ours.view_artwork_ids_7d) IS DISTINCT FROM list_sort(coalesce(theirs.views_7d, []))""").fetchone()[0]
    assert differing == 0, f"{differing} rows differ from the window frames"


def timed(work, world: Path) -> float:
    start = time.monotonic()
    work(world)
    return time.monotonic() - start


def main() -> None:
    world = Path(sys.argv[1])
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    shutil.rmtree(world / "data/training_output", ignore_errors=True)
    covered(world)
    skeleton_day(world)
    window_frames(world)
    check_frames(world)
    runs = {work: [] for work in (skeleton_day, rewrite, window_frames)}
    for _ in range(repeats):
        for work, seconds in runs.items():
            seconds.append(timed(work, world))
    base = statistics.median(runs[skeleton_day])
    rows = connect().sql(f"SELECT count(*) FROM '{world}/data/training_output/dt={DAY}/part-*.parquet'").fetchone()[0]
    print(f"{rows:,} rows of {DAY}, median of {repeats} interleaved runs\n")
    print("| what | s | the skeleton day takes |\n|---|---|---|")
    names = ["a whole skeleton day", "DuckDB rewriting its result", "DuckDB window frames, the 3 view lists alone"]
    for name, seconds in zip(names, runs.values(), strict=True):
        median = statistics.median(seconds)
        print(f"| {name} | {median:.1f} | {base / median:.2f}x |")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nPeak memory of the skeleton day: {peak:,.0f} MiB.")


if __name__ == "__main__":
    main()
