"""Peer: DuckDB with a window frame per column, as SQL suggests it: `list(…) FILTER (…) OVER (… RANGE …)`.

Frames know no order among events of one instant, and `list_distinct` none at all; the lists are right as multisets.
"""

from columns import Column, rolling_columns
from database import connect as start
from database import sql_list


def frame(days: int | None) -> str:
    """A window of some days before a row, or all time before it."""
    oldest = "UNBOUNDED" if days is None else f"INTERVAL {days} DAY"
    return f"""(PARTITION BY user_id ORDER BY event_timestamp
        RANGE BETWEEN {oldest} PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)"""


def over_frame(column: Column) -> str:
    """The bare list, oldest first, or the count."""
    over = f"OVER {window_name(column)} AS {column.name}"
    if column.value is None:
        return f"count(*) FILTER (event IN {sql_list(column.events)}) {over}"
    return f"list({column.value}) FILTER (event IN {sql_list(column.events)} AND {column.value} IS NOT NULL) {over}"


def window_name(column: Column) -> str:
    return "ever" if column.days is None else f"days_{column.days}"


def finished(column: Column) -> str:
    """The column as it has to be."""
    if column.value is None:
        return column.name
    values = f"coalesce({column.name}, [])"
    if column.flatten:
        values = f"flatten({values})"
    if column.exclude_self:
        values = f"list_filter({values}, lambda x: x <> {column.value})"
    values = f"list_distinct({values})" if column.distinct else f"list_reverse({values})"
    return f"{values} AS {column.name}"


def compute(con, spine: str, result: str) -> None:
    columns = rolling_columns()
    windows = {window_name(column): frame(column.days) for column in columns}
    con.execute(f"""
        COPY (
          SELECT user_id, event_timestamp, artwork_id, event, {", ".join(map(finished, columns))}
          FROM (
            SELECT *, {", ".join(map(over_frame, columns))}
            FROM '{spine}'
            WINDOW {", ".join(f"{name} AS {window}" for name, window in windows.items())}
          )
          WHERE wanted
        ) TO '{result}/part-0.parquet' (COMPRESSION zstd)""")
