"""Makes days of a world fail."""

from __future__ import annotations

from pathlib import Path

import duckdb


def add_invalid_rows(world: Path, day: str) -> Path:
    """A file with three rows of `day` without a user: more than the shipped max_invalid_fraction of so small a day."""
    folder = world / f"data/feed/month={day[:4]}{day[5:7]}"
    file = folder / f"invalid-{day}.parquet"
    with duckdb.connect() as db:
        db.execute(f"""COPY (SELECT * REPLACE (NULL::VARCHAR AS user_id) FROM '{folder}/{day}.parquet' LIMIT 3)
            TO '{file}'""")  # fmt: skip
    return file


def corrupt(world: Path, day: str) -> Path:
    """Cuts the feed's file of `day`, so that it is no Parquet any more."""
    file = world / f"data/feed/month={day[:4]}{day[5:7]}/{day}.parquet"
    file.write_bytes(file.read_bytes()[:-40])
    return file
