#!/usr/bin/env python3
"""Compares rolling columns with a published day, row by row: verify.py exact|multiset PUBLISHED RESULT.

Rows are matched by user, time, artwork and event; those of one key have the same lists. A list stands for its 64-bit
hash, so that millions of long ones can be joined: `exact` hashes the elements in their order, `multiset` sorted.
Prints how many rows agree; fails when a row is missing, is one too many, or differs in any column.
"""

import sys

from columns import Column, rolling_columns
from database import connect

KEY = "user_id, event_timestamp, artwork_id, event"


def digest(column: Column, how: str) -> str:
    value = column.name
    if how == "multiset" and column.value is not None:
        value = f"list_sort(list_transform({value}, lambda x: hash(x)))"
    return f"CASE WHEN {column.name} IS NOT NULL THEN hash({value}) END AS {column.name}"


def digests(folder: str, how: str) -> str:
    """A narrow table: keys, the how-many-th row of its key, and a number per column."""
    return f"""
        SELECT *, row_number() OVER (PARTITION BY {KEY}) AS occurrence
        FROM (SELECT {KEY}, {", ".join(digest(column, how) for column in rolling_columns())}
              FROM '{folder}/part-*.parquet')"""


def main() -> None:
    how, published, result = sys.argv[1:]
    names = [column.name for column in rolling_columns()]
    both = "ours.user_id IS NOT NULL AND theirs.user_id IS NOT NULL"
    con = connect()
    con.execute(f"CREATE TEMP TABLE ours AS {digests(published, how)}")
    con.execute(f"CREATE TEMP TABLE theirs AS {digests(result, how)}")
    counts = con.sql(f"""
        SELECT
          count(*) FILTER ({both}) AS matched,
          count(*) FILTER (theirs.user_id IS NULL) AS missing,
          count(*) FILTER (ours.user_id IS NULL) AS surplus,
          {", ".join(f"count(*) FILTER ({both} AND ours.{n} IS DISTINCT FROM theirs.{n}) AS {n}" for n in names)}
        FROM ours FULL JOIN theirs USING ({KEY}, occurrence)""")
    matched, *wrong = counts.fetchone()
    complaints = [f"{name}: {number}" for name, number in zip(counts.columns[1:], wrong, strict=True) if number]
    if complaints:
        sys.exit(f"{result} differs from {published}; rows by column: {', '.join(complaints)}")
    print(f"{matched} rows agree")


if __name__ == "__main__":
    main()
