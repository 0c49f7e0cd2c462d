#!/usr/bin/env python3
"""Shows a few rows of a published partition: show_rows.py PARTITION."""

import sys

import duckdb

COLUMNS = """
    user_id, artwork_id, strftime(event_timestamp, '%H:%M:%S') AS at, event, country_code AS country,
    artwork_age AS age, like_artwork_cnts_7d AS likes_7d, like_artwork_ids_7d[:3] AS like_artwork_ids_7d,
    len(view_artwork_ids_7d) AS views_7d, model_type, qid
"""


def main() -> None:
    connection = duckdb.connect()
    rows = connection.from_parquet(f"{sys.argv[1]}/part-*.parquet")
    connection.execute("SET TimeZone = 'UTC'")
    rows.filter("like_artwork_cnts_7d >= 2").project(COLUMNS).limit(8).show(max_width=160)


if __name__ == "__main__":
    main()
