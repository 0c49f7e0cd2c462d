"""Peer: Polars with one `rolling` per window. The spine is in the total order, so lists are exact."""

from contextlib import nullcontext as start

import polars as pl
from columns import Column

from peers.polars_batches import KEY, compute_with, without_own

EVER = 36500


def in_window(column: Column) -> pl.Expr:
    """The bare list, newest first, or the count."""
    matches = pl.col("event").is_in(column.events)
    if column.value is None:
        return matches.sum().cast(pl.Int64).alias(column.name)
    value = pl.col(column.value)
    return value.filter(matches & value.is_not_null()).reverse().alias(column.name)


def finished(column: Column) -> pl.Expr:
    """The column as it has to be."""
    values = pl.col(column.name)
    if column.flatten:
        values = values.list.eval(pl.element().explode(empty_as_null=False))
    if column.exclude_self:
        values = without_own(values, column)
    if column.distinct:
        values = values.list.unique(maintain_order=True)
    return values.alias(column.name)


def lists(spine: pl.DataFrame, columns: list[Column]) -> pl.LazyFrame:
    """`rolling` knows no rows but those of the spine: those that are not wanted go afterwards."""
    events = spine.lazy()
    windows = []
    for days in dict.fromkeys(column.days for column in columns):
        own = [column for column in columns if column.days == days]
        rolling = events.rolling("event_timestamp", period=f"{days or EVER}d", closed="left", group_by="user_id")
        windows.append(rolling.agg(map(in_window, own)).select(column.name for column in own))
    rows = pl.concat([events.select(*KEY, "wanted"), *windows], how="horizontal")
    return rows.filter("wanted").select(*KEY, *map(finished, columns))


def compute(_: None, spine: str, result: str) -> None:
    compute_with(lists, spine, result)
