"""The inputs of a run, read and normalised once: events, views reduced to one row per entity, the embedding pool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

import settings
from settings import Settings
from sources import Row, Table, feed_partitions, read_file, read_source
from values import encoder, order_key, tie


@dataclass
class View:
    types: dict[str, pa.DataType]
    by_entity: dict[Any, Row]


class World:
    """A configuration with everything that it names."""

    def __init__(self, config_dir: Path | str) -> None:
        self.config: Settings = settings.load(config_dir)
        self.feed: Table = self._read_feed()
        self._views: dict[str, View] = {}

    def _read_feed(self) -> Table:
        """All rows of every partition that lie in their own partition, encoded, under our names."""
        config, feed = self.config, Table()
        theirs = {name: config.feed["columns"].get(name, name) for name in config.feed_columns()}
        times = {theirs["event_timestamp"]}
        for partition in feed_partitions(config.feed["source"]["path"]):
            source = read_file(config.feed["source"], partition.path, times)
            present = {ours: name for ours, name in theirs.items() if name in source.types}
            part = Table({ours: source.types[name] for ours, name in present.items()})
            part.rows = [
                {ours: row[name] for ours, name in present.items()}
                for row in source.rows
                if partition.holds(row[theirs["event_timestamp"]])
            ]
            feed.append(part)
        for name, rule in config.feed["encodings"].items():
            # 'Absent, NULL or unknown becomes 0, so a column that encodings names always exists, as INTEGER.'
            encode = encoder(rule)
            feed.types[name] = pa.int32()
            for row in feed.rows:
                row[name] = encode(row.get(name))
        return feed

    def has(self, column: str) -> bool:
        return column in self.feed.types

    @property
    def has_session(self) -> bool:
        return self.config.session is not None and self.has(self.config.session)

    @cached_property
    def events(self) -> list[Row]:
        """Every valid event in the total order, newest last, without what the embedding coverage drops."""
        return sorted((row for row in self.feed.rows if is_valid(row) and self.is_covered(row)), key=self.total_order)

    def total_order(self, row: Row) -> tuple:
        """(event_timestamp, tie, artwork_id, event, passthrough as listed and after encoding, feed_session)."""
        rest = self.config.passthrough + ([self.config.session] if self.config.session else [])
        return (
            row["event_timestamp"],
            tie(row["artwork_id"], row["event"]),
            order_key(row["artwork_id"]),
            order_key(row["event"]),
            *(order_key(row.get(column)) for column in rest),
        )

    @cached_property
    def pool(self) -> set[Any]:
        """Artworks with a vector: 'no row, or only NULL ones' is not in the pool."""
        pool = self.config.pool
        rows = read_source(pool["source"], set()).rows
        return {row[pool["key"]] for row in rows if row[pool["vector"]] is not None}

    def is_covered(self, row: Row) -> bool:
        """Step 2, for the spine and for step 5's older events alike."""
        rule = self.config.runtime["embedding_coverage_filter"]
        if not rule["enabled"]:
            return True  # 'With enabled: false the pool is not opened.'
        if rule["events"] != "all" and row["event"] not in rule["events"]:
            return True  # 'Other events are kept.'
        return row["artwork_id"] in self.pool

    def view(self, name: str) -> View:
        if name not in self._views:
            self._views[name] = self._reduce(name)
        return self._views[name]

    def _reduce(self, name: str) -> View:
        """Step 3: one row per entity, 'the greatest timestamp_field (NULL is oldest), ties broken by the greatest row
        over the remaining columns in catalog order'."""
        config = self.config.views[name]
        entity, time = config["entity"], config["timestamp_field"]
        rest = [f for f in config["features"] if f not in (entity, time)]
        table = read_source(config["source"], self._time_columns(name))
        newest: dict[Any, tuple[tuple, Row]] = {}
        for row in table.rows:
            if row[entity] is None:
                continue
            age = (order_key(row[time]), *(order_key(row[column]) for column in rest))
            if row[entity] not in newest or age > newest[row[entity]][0]:
                newest[row[entity]] = (age, row)
        return View(table.types, {key: row for key, (_, row) in newest.items()})

    def _time_columns(self, name: str) -> set[str]:
        """The columns of a view that its configuration uses as times."""
        since = {age["since"] for age in self.config.runtime["age_columns"].values()}
        joined = {join["time"] for join in self.config.windowed_joins if join["view"] == name}
        return {self.config.views[name]["timestamp_field"]} | joined | since


def is_valid(row: Row) -> bool:
    """'A row with NULL user_id, artwork_id or event is invalid: dropped everywhere, and counted.'"""
    return all(row[column] is not None for column in ("user_id", "artwork_id", "event"))
