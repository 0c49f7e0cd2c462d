"""The catalog: the sources that a configuration names, and looks into them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Iterable

import pyarrow as pa

from . import _native
from ._config import Config
from ._day import Day, day_text


@dataclass(frozen=True)
class Source:
    """One source of the catalog, and what was found at its path."""

    name: str
    """`feed`, `embedding_pool` or the view's name."""
    kind: str
    """`feed`, `feature view` or `embedding pool`."""
    path: str
    """As the configuration has it, wildcards and partition fields included."""
    format: str
    """`parquet`, `csv`, `json` or `lance`."""
    files: int
    """How many files (Lance: datasets) match the path."""
    bytes: int
    """Their size."""
    columns: list[tuple[str, str]]
    """Declared columns and their DuckDB types, e.g. `("user_id", "VARCHAR")`; empty when they can't be read."""
    error: str
    """Why something of it can't be read; empty when all is well."""


class Catalog:
    """The sources of a configuration. Each call reads them anew."""

    def __init__(self, config: Config) -> None:
        self._config = config

    @property
    def views(self) -> list[str]:
        """The names of the feature views, in alphabetical order."""
        return self._config.views

    def sources(self) -> list[Source]:
        """The feed, the feature views and the embedding pool. Reads metadata only.

        Raises:
            MachineError: Memory or disk ran out. What can't be read is no error, but `Source.error`.
        """
        return [Source(*each) for each in _native.sources(self._config._native)]

    def feed_days(self) -> pa.Table:
        """The rows of the feed per partition and day. Reads the time of every row.

        Returns:
            Columns `partition` (string), `day` (date32), `rows` (int64), `note` (string), in the order of time. `note` is
            NULL but for rows that belong to no day, whose `day` is NULL: `misplaced`, their time lies outside of their
            partition; `without time`; or why the partition can't be read, with 0 rows.

        Raises:
            InputError: The feed's files do not go together, or there are none of the declared shape.
        """
        rows: list[tuple[str, datetime.date | None, int, str | None]] = []
        for partition, days, misplaced, without_time, error in _native.feed_days(self._config._native):
            rows += [(partition, datetime.date.fromisoformat(day), count, None) for day, count in days]
            for note, count in (("misplaced", misplaced), ("without time", without_time)):
                rows += [(partition, None, count, note)] if count else []
            rows += [(partition, None, 0, error)] if error else []
        schema = pa.schema({"partition": pa.string(), "day": pa.date32(), "rows": pa.int64(), "note": pa.string()})
        return pa.Table.from_pylist([dict(zip(schema.names, row)) for row in rows], schema)

    def view(self, name: str, ids: Iterable[str | int] | None = None) -> pa.Table:
        """The rows of a feature view as training sees them: the latest of each entity, by `timestamp_field`.

        Args:
            name: Of the view.
            ids: Only these entities; ids that the view does not have are left out. All when it is None.

        Returns:
            The entity's column and the view's `features`, a row per entity, ordered by the entity. Timestamps are UTC
            microseconds without a zone.

        Raises:
            ConfigError: The catalog has no such view.
            InputError: The view's files are missing, unreadable or not of the declared shape.
        """
        texts = None if ids is None else [str(each) for each in ids]
        return pa.table(_native.view(self._config._native, name, texts))

    def sample(self, name: str, n: int = 10) -> pa.Table:
        """Some rows of a source as it has them: of a view, versions of entities, each entity's together, newest first.

        Args:
            name: A view, `feed` or `embedding_pool`.
            n: At most so many rows: those whose key comes first by its XXH3-64 hash, so the same ones for the same files, from
                all over the source.

        Raises:
            ConfigError: The catalog has no such source.
            InputError: Its files are missing, unreadable or not of the declared shape.
        """
        return pa.table(_native.sample(self._config._native, name, n))

    def coverage(self, day: Day | None = None) -> pa.Table:
        """How many of a day's ids the views and the embedding pool know; of the last day with rows when `day` is None.

        Returns:
            A row per source: `day` (date32); `name`, `kind`, `key` (string): the source, and the feed's column looked up;
            `ids`, `ids_found`, `rows`, `rows_found` (int64): distinct ids and valid rows of the day, and those found;
            `error` (string): why the source can't be read, else empty.

        Raises:
            ConfigError: The day is outside of `feed_start..feed_end`.
            InputError: The day has no row, or the feed can't be read.
        """
        text, sources = _native.coverage(self._config._native, None if day is None else day_text(day))
        texts = dict.fromkeys(("name", "kind", "key"), pa.string())
        counts = dict.fromkeys(("ids", "ids_found", "rows", "rows_found"), pa.int64())
        schema = pa.schema({"day": pa.date32(), **texts, **counts, "error": pa.string()})
        on = datetime.date.fromisoformat(text)
        return pa.Table.from_pylist([dict(zip(schema.names, (on, *each))) for each in sources], schema)

    def aggregate(self, name: str, day: Day, engine: str | None = None) -> pa.Table:
        """One aggregation or windowed join of the configuration, for the rows of a day, without a run.

        Args:
            name: Of the aggregation or windowed join.
            day: The day.
            engine: As in `aggregate_pit_table()`, but `"polars"` runs in a process of its own; `compute.engine` when it is None.

        Returns:
            `user_id`, `artwork_id`, `event_timestamp`, `event` and the columns of `name`, a row per valid event of the day that
            the embedding coverage filter leaves, before the session and content filters.

        Raises:
            ConfigError: The name or the engine is unknown, or the day outside of `feed_start..feed_end`.
            DataError: Too many rows of the day are invalid.
            InputError: The day has no row, or a source can't be read.
        """
        return pa.table(_native.aggregate_day(self._config._native, name, day_text(day), engine or self._config.engine))
