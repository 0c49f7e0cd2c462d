"""Peer: DuckDB with one array per user and kind of element, oldest first; each window of a row is a slice of it.

The edges of the slices are running counts of elements. Where values are to be distinct, a second array tells where each
value comes next: the one kept is the one that does not come again within the slice.
"""

from columns import Column, rolling_columns
from database import connect as start
from database import sql_list


def series(column: Column) -> str:
    """The name of the array that a column slices; the columns of one specification share it."""
    return f"{'_'.join(column.events)}_{column.value or 'events'}"


def matches(column: Column) -> str:
    return f"event IN {sql_list(column.events)}" + (f" AND {column.value} IS NOT NULL" if column.value else "")


def running_count(column: Column, edge: str) -> str:
    """Elements of the series before an edge of the column's window."""
    elements = f"sum(len({column.value}))" if column.flatten else "count(*)"
    return f"coalesce({elements} FILTER ({matches(column)}) OVER {edge}, 0)::BIGINT AS {series(column)}_{edge}"


def array(column: Column) -> str:
    """An event's own elements are turned round, because slices will be."""
    value = f"list_reverse({column.value})" if column.flatten else column.value
    values = f"list({value} ORDER BY seq) FILTER ({matches(column)})"
    return f"{f'flatten({values})' if column.flatten else values} AS {series(column)}"


def next_equal(column: Column) -> str:
    """A relation: for each user, where each value of the array comes next."""
    name = series(column)
    return f"""{name}_next AS (
        SELECT user_id, list(next ORDER BY position) AS {name}_next
        FROM (
          SELECT user_id, position,
            lead(position, 1, {2**62}) OVER (PARTITION BY user_id, value ORDER BY position) AS next
          FROM (SELECT user_id, unnest({name}) AS value, generate_subscripts({name}, 1) AS position FROM history)
        )
        GROUP BY user_id)"""


def oldest_edge(column: Column) -> str:
    return f"{series(column)}_before_{column.days}" if column.days else "0"


def finished(column: Column) -> str:
    """The column as it has to be."""
    name, oldest, newest = series(column), oldest_edge(column), f"{series(column)}_now"
    if column.value is None:
        return f"{newest} - {oldest} AS {column.name}"
    values = f"list_slice({name}, {oldest} + 1, {newest})"
    if column.distinct:
        values = f"list_filter({values}, lambda x, i: {name}_next[{oldest} + i] > {newest})"
    if column.exclude_self:
        values = f"list_filter({values}, lambda x: x <> {column.value})"
    return f"coalesce(list_reverse({values}), []) AS {column.name}"


def compute(con, spine: str, result: str) -> None:
    columns = rolling_columns()
    arrays = {series(column): column for column in columns}
    edges = {"now": "INTERVAL 1 MICROSECOND"}
    counts = [running_count(column, "now") for column in arrays.values()]
    for column in columns:
        if column.days:
            edge = f"before_{column.days}"
            edges[edge] = f"INTERVAL '{column.days} days 1 microsecond'"
            counts.append(running_count(column, edge))
    frame = "PARTITION BY user_id ORDER BY event_timestamp RANGE BETWEEN UNBOUNDED PRECEDING AND"
    nexts = [column for column in arrays.values() if column.distinct]
    con.execute(f"""
        COPY (
          WITH edge AS (
            SELECT *, {", ".join(counts)}
            FROM '{spine}'
            WINDOW {", ".join(f"{edge} AS ({frame} {distance} PRECEDING)" for edge, distance in edges.items())}
          ),
          history AS (
            SELECT user_id, {", ".join(array(column) for column in arrays.values() if column.value)}
            FROM '{spine}' GROUP BY user_id
          ),
          {", ".join(map(next_equal, nexts))}
          SELECT user_id, event_timestamp, artwork_id, event, {", ".join(map(finished, columns))}
          FROM edge
          JOIN history USING (user_id)
          {" ".join(f"LEFT JOIN {series(column)}_next USING (user_id)" for column in nexts)}
          WHERE wanted
        ) TO '{result}/part-0.parquet' (COMPRESSION zstd)""")
