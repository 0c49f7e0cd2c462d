#!/usr/bin/env python3
"""Counts what a world holds and what a day of it has published: describe.py FEED PUBLISHED. Prints JSON."""

import json
import sys
from pathlib import Path

from columns import rolling_columns
from database import connect


def main() -> None:
    feed, published = sys.argv[1:]
    con = connect()
    lists = [column.name for column in rolling_columns() if column.value]
    events = con.sql(f"SELECT count(*) FROM '{feed}/*/*.parquet'").fetchone()[0]
    rows, elements = con.sql(
        f"SELECT count(*), sum({' + '.join(f'len({name})' for name in lists)}) FROM '{published}/part-*.parquet'"
    ).fetchone()
    size = sum(part.stat().st_size for part in Path(published).glob("part-*.parquet"))
    print(json.dumps({"events": events, "rows": rows, "elements": int(elements), "bytes": size}))


if __name__ == "__main__":
    main()
