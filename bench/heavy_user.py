#!/usr/bin/env python3
"""Adds one user with very many events to a synthetic world: heavy_user.py WORLD EVENTS.

The events are copies of others', the same number on each day, at random instants: a tenth of a second apart, or equal.
"""

import sys
from pathlib import Path

from database import connect


def main() -> None:
    world, events = Path(sys.argv[1]), int(sys.argv[2])
    files = sorted(world.glob("data/feed/*/*.parquet"))
    con = connect()
    for file in files:
        grown = file.with_suffix(".grown")
        con.execute(f"""
            COPY (
              WITH feed AS (
                SELECT *, row_number() OVER () - 1 AS number FROM read_parquet('{file}', hive_partitioning = false)
              )
              SELECT * EXCLUDE (number) FROM feed
              UNION ALL
              SELECT feed.* EXCLUDE (number) REPLACE (
                'heavy' AS user_id,
                DATE '{file.stem}' + to_milliseconds(100 * (hash(i) % 864000)::BIGINT) AS event_timestamp,
                's-heavy-' || i // 20 AS feed_session)
              FROM range({events // len(files)}) AS copies(i)
              JOIN feed ON number = i % (SELECT count(*) FROM feed)
            ) TO '{grown}' (FORMAT parquet, COMPRESSION zstd)""")
        grown.rename(file)


if __name__ == "__main__":
    main()
