"""Peer: Polars with one array per user and kind of element, newest first; each window of a row is a slice of it.

The edges of the slices are running counts of elements, found by as-of joins. Lists are exact.
"""

from contextlib import nullcontext as start

import polars as pl
from columns import Column

from peers.polars_batches import KEY, compute_with, without_own


def elements(spine: pl.DataFrame, column: Column) -> pl.DataFrame:
    """What a series has of all users, in the total order, with a running count per user."""
    value = pl.col(column.value or "artwork_id")
    found = spine.filter(pl.col("event").is_in(column.events) & value.is_not_null())
    found = found.select("user_id", "event_timestamp", value=value)
    if column.flatten:
        # An event's own elements are turned round, because arrays will be.
        found = found.with_columns(pl.col("value").list.reverse()).explode("value", empty_as_null=False)
    return found.with_columns(upto=pl.int_range(1, pl.len() + 1).over("user_id"))


def count_before(rows: pl.DataFrame, found: pl.DataFrame, days: int) -> pl.Series:
    """How many of a user's elements are older than some days before each row."""
    instants = rows.select("index", "user_id", at=pl.col("event_timestamp") - pl.duration(days=days)).sort("at")
    counts = found.group_by("user_id", "event_timestamp").agg(pl.col("upto").max()).sort("event_timestamp")
    joined = instants.join_asof(
        counts,
        left_on="at",
        right_on="event_timestamp",
        by="user_id",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return joined.sort("index")["upto"].fill_null(0)


def finished(column: Column) -> pl.Expr:
    """The column as it has to be: of `value`, the array, or of `length`, the number of elements."""
    if column.value is None:
        return pl.col("length").alias(column.name)
    skipped = pl.col("total") - pl.col("newest")
    values = pl.col("value").list.slice(skipped, pl.col("length")).fill_null([])
    if column.exclude_self:
        values = without_own(values, column)
    if column.distinct:
        values = values.list.unique(maintain_order=True)
    return values.alias(column.name)


def lists(spine: pl.DataFrame, columns: list[Column]) -> pl.LazyFrame:
    rows = spine.filter("wanted").select(KEY).with_row_index()
    made = [rows.select(KEY)]
    for kind in dict.fromkeys((column.events, column.value) for column in columns):
        windows = [column for column in columns if (column.events, column.value) == kind]
        found = elements(spine, windows[0])
        newest = count_before(rows, found, 0)
        arrays = found.group_by("user_id").agg(pl.col("value").reverse(), total=pl.len())
        held = rows.with_columns(newest=newest).join(arrays, on="user_id", how="left", maintain_order="left")
        for column in windows:
            length = newest - count_before(rows, found, column.days) if column.days else newest
            made.append(held.with_columns(length=length).select(finished(column)))
    return pl.concat(made, how="horizontal").lazy()


def compute(_: None, spine: str, result: str) -> None:
    compute_with(lists, spine, result)
