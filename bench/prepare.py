#!/usr/bin/env python3
"""Prepares what the peers of the rolling step read: prepare.py WORLD PUBLISHED SPINE.

SPINE becomes a Parquet file of the target day's users: their events of the seven days before it and of the day itself,
and older ones that cumulative lists want, after the embedding coverage filter, with the artworks' latest author, model
and tacks. It is ordered by user and `seq`, the number of an event in its user's total order. `wanted` marks the rows
that the day PUBLISHED: a peer makes lists for these alone, as the program does.

All this is work that the program's own rolling step, or a stage before it, has to do; the peers get it for nothing.
Prints the number of rows.
"""

import sys
from pathlib import Path

import pyarrow
import xxhash
from columns import rolling_columns
from database import connect, sql_list
from worlds import LAST_DAY

LANCE = Path(__file__).resolve().parent.parent / ".deps/lance/lance.duckdb_extension"
COVERED_EVENTS = ("reco_artwork_view", "reco_artwork_view2")
STATIC = {"author_id": "artwork_properties", "model_id": "artwork_generation", "tack_ids": "artwork_tack"}


def tie(artwork_id: str, event: str) -> int:
    """What orders events of one instant."""
    return xxhash.xxh3_64_intdigest(f"{artwork_id}\x1f{event}".encode())


def main() -> None:
    world, published, spine = sys.argv[1:]
    lookback = max(column.days for column in rolling_columns() if column.days)
    ever = sorted({event for column in rolling_columns() if column.days is None for event in column.events})
    con = connect()
    con.execute(f"LOAD '{LANCE}'")
    con.execute("SET VARIABLE day = ?::TIMESTAMP", [LAST_DAY])
    con.execute(f"""
        CREATE TEMP TABLE events AS
        WITH feed AS (
          FROM read_parquet('{world}/data/feed/**/*.parquet', hive_partitioning = false)
          SELECT user_id, event_timestamp, artwork_id, event
          WHERE user_id IS NOT NULL AND artwork_id IS NOT NULL AND event IS NOT NULL
            AND event_timestamp < getvariable('day') + INTERVAL 1 DAY
            AND (event_timestamp >= getvariable('day') - INTERVAL {lookback} DAY OR event IN {sql_list(ever)})
        )
        FROM feed
        WHERE user_id IN (SELECT user_id FROM feed WHERE event_timestamp >= getvariable('day'))
          AND (event NOT IN {sql_list(COVERED_EVENTS)}
            OR artwork_id IN (SELECT artwork_id FROM '{world}/data/embeddings.lance' WHERE embedding IS NOT NULL))""")
    pairs = con.execute("SELECT DISTINCT artwork_id, event FROM events").to_arrow_table()
    hashes = [tie(*pair) for pair in zip(*(column.to_pylist() for column in pairs.columns), strict=True)]
    con.register("ties", pairs.append_column("tie", pyarrow.array(hashes, pyarrow.uint64())))
    latest = "\n".join(
        f"""LEFT JOIN (
            SELECT DISTINCT ON (artwork_id) artwork_id, {column} FROM '{world}/data/views/{view}/*.parquet'
            ORDER BY artwork_id, updated_at DESC NULLS LAST
        ) USING (artwork_id)"""
        for column, view in STATIC.items()
    )
    (rows,) = con.execute(f"""
        COPY (
          SELECT user_id, event_timestamp, artwork_id, event, {", ".join(STATIC)},
            row_number() OVER (PARTITION BY user_id ORDER BY event_timestamp, tie, artwork_id, event) AS seq,
            (user_id, event_timestamp, artwork_id, event) IN (
              SELECT (user_id, event_timestamp, artwork_id, event) FROM '{published}/part-*.parquet') AS wanted
          FROM events
          JOIN ties USING (artwork_id, event)
          {latest}
          ORDER BY user_id, seq
        ) TO '{spine}' (COMPRESSION zstd)""").fetchone()
    print(rows)


if __name__ == "__main__":
    main()
