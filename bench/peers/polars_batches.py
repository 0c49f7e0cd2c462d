"""What both Polars peers share: users in batches, and `exclude_self`."""

from collections.abc import Callable, Iterator

import polars as pl
from columns import Column, rolling_columns

KEY = ["user_id", "event_timestamp", "artwork_id", "event"]
BATCH_ROWS = 250_000  # of the spine; the lists of all users at once would not fit into memory


def batches(spine: str) -> Iterator[pl.DataFrame]:
    """The spine, some users at a time, each one's events in the total order."""
    events = pl.read_parquet(spine)
    numbered = events.with_columns(batch=pl.col("user_id").hash() % (events.height // BATCH_ROWS + 1))
    yield from numbered.partition_by("batch", maintain_order=True, include_key=False)


def compute_with(lists: Callable[[pl.DataFrame, list[Column]], pl.LazyFrame], spine: str, result: str) -> None:
    """Writes the lists of each batch into a file of its own."""
    for i, batch in enumerate(batches(spine)):
        lists(batch, rolling_columns()).sink_parquet(f"{result}/part-{i}.parquet", compression="zstd")


def without_own(values: pl.Expr, column: Column) -> pl.Expr:
    """No other column can be named within a list: the row's own value goes in front, and out with its equals."""
    with_own = pl.concat_list(pl.col(column.value), values)
    return with_own.list.eval(pl.element().filter(pl.element() != pl.element().first()))
