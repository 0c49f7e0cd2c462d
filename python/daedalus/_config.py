"""The configuration: a directory of YAML files, read by the library."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Literal

from . import _native


@dataclass(frozen=True, kw_only=True)
class AggregationSpec:
    """One rolling point-in-time aggregation: an item of `aggregation_specs` in `aggregations.yaml`, with its keys.

    For a row at `t` and a window `w` it takes the events of the row's user with time in `[t - w, t)`.
    """

    name: str
    """Its columns are `{name}_{window}`, or `{name}` when cumulative."""
    events: list[str]
    """The events that it takes, by their name in the column `event`."""
    windows: list[str] | Literal["cumulative"]
    """Lengths of time such as `"7d"`, each once: a positive integer and one of `s`, `m`, `h`, `d`. Or no lower bound."""
    agg: Literal["list", "count"] = "list"
    """A list of `column`'s values, or the number of events (int64)."""
    column: str | None = None
    """The column whose values are listed; NULL values are left out. Not for counts."""
    exclude_self: bool = False
    """Leave out the values that equal the row's own `column`."""
    flatten_distinct: bool = False
    """`column` holds lists: list their elements, each once."""
    distinct: bool = False
    """Of equal values keep the newest. Implied by `flatten_distinct` and by `cumulative`."""
    max_length: int | None = None
    """Keep the newest so many."""
    order: Literal["newest_first", "oldest_first"] = "newest_first"
    """The order of the list."""


class Config:
    """A valid configuration: of `load_config()`."""

    def __init__(self, native: _native.Config) -> None:
        self._native = native

    @property
    def dir(self) -> Path:
        """The directory that it was read from."""
        return Path(self._native.dir)

    @property
    def overrides(self) -> list[str]:
        """What `load_config()` was given."""
        return self._native.overrides

    @property
    def output_root(self) -> Path:
        """Where days are published; relative paths are relative to the working directory."""
        return Path(self._native.output_root)

    @property
    def engine(self) -> str:
        """`compute.engine`: of `Catalog.aggregate()`, and for `aggregate_pit_table(…, engine=config.engine)`; `run_skeleton_stage()` has its own."""
        return self._native.engine

    @property
    def duckdb_config(self) -> dict[str, str]:
        """`compute.duckdb_config`: settings of each DuckDB instance."""
        return self._native.duckdb_config

    @property
    def views(self) -> list[str]:
        """The names of the feature views, in alphabetical order."""
        return self._native.views

    @property
    def aggregation_specs(self) -> list[AggregationSpec]:
        """The rolling aggregations; `aggregate_pit_table()` takes them as they are."""
        return [AggregationSpec(**each["spec"]) for each in json.loads(self._native.aggregation_specs)]

    @property
    def values(self) -> dict[str, str]:
        """Every effective value as YAML text by its key, e.g. `values["runtime.day_workers"]`; as `daeda config show`."""
        return self._native.values

    def __repr__(self) -> str:
        return f"Config({str(self.dir)!r}, overrides={self.overrides!r})"


def load_config(dir: str | os.PathLike[str] = "config", overrides: Iterable[str] = ()) -> Config:
    """Reads a configuration directory: its YAML files over the shipped defaults, with `${ENV}` in paths.

    Args:
        dir: Holds `training/` and `catalog/`; see `docs/configuration.md`.
        overrides: As `--set` of `daeda`: `"runtime.day_workers=2"`, the value read as YAML.

    Raises:
        ConfigError: With every problem found, each with file, line and fix.
    """
    return Config(_native.load_config(os.fspath(dir), list(overrides)))
