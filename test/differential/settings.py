"""The configuration of a run: the YAML files of a directory, completed from the shipped defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from values import DAY_US, duration_us

PROJECT_ROOT = Path(__file__).resolve().parents[2]
FEED_KEYS = ["user_id", "artwork_id", "event_timestamp", "event"]
# Mappings 'whose keys are the user's own replace the whole'; all others merge key by key.
OWN_KEYS = {"columns", "encodings", "types", "age_columns"}
AGGREGATION_DEFAULTS = {
    "agg": "list",
    "order": "newest_first",
    "distinct": False,
    "max_length": None,
    "exclude_self": False,
    "flatten_distinct": False,
}


def defaults_dir() -> Path:
    """The shipped configuration (the variable is for testing against another copy of it)."""
    return Path(os.environ.get("DAEDALUS_CONFIG_DEFAULTS", PROJECT_ROOT / "config"))


@dataclass
class Settings:
    feed: dict[str, Any]
    pool: dict[str, Any]
    views: dict[str, dict[str, Any]]
    aggregations: list[dict[str, Any]]
    windowed_joins: list[dict[str, Any]]
    runtime: dict[str, Any]

    @property
    def passthrough(self) -> list[str]:
        return self.feed["passthrough"]

    @property
    def session(self) -> str | None:
        return self.feed["session"]

    def feed_columns(self) -> list[str]:
        return FEED_KEYS + self.passthrough + ([self.session] if self.session else [])

    def lookback_us(self) -> int:
        """'the longest window in the aggregation specs, rounded up to whole days'."""
        longest = max((duration_us(w) for spec in self.aggregations for w in windows_of(spec)), default=0)
        return -(-longest // DAY_US) * DAY_US

    def static_view(self, column: str) -> str:
        """'the catalog's one view keyed by artwork_id that has this feature (listed in feature_refs or not)'."""
        (name,) = [n for n, v in self.views.items() if v["entity"] == "artwork_id" and column in v["features"]]
        return name

    def joined_views(self) -> list[str]:
        """'Each view of feature_refs (view, or view:feature) is read once per day.'"""
        return list(dict.fromkeys(ref.split(":")[0] for ref in self.runtime["feature_refs"]))


def windows_of(spec: dict[str, Any]) -> list[str]:
    return [] if spec["windows"] == "cumulative" else spec["windows"]


def merge(default: Any, given: Any) -> Any:
    """'Mappings with fixed keys merge key by key; lists, and mappings whose keys are the user's own, replace the whole.'"""
    if not isinstance(default, dict) or not isinstance(given, dict):
        return given
    merged = dict(default)
    for key, value in given.items():
        merged[key] = value if key in OWN_KEYS else merge(default.get(key), value)
    return merged


def _read(directory: Path, name: str) -> dict[str, Any]:
    path = directory / name
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}


def load(config_dir: Path | str) -> Settings:
    """'A key left out takes the default of config/.'  The views are those of the directory itself."""
    given, shipped = Path(config_dir), defaults_dir()

    def both(name: str) -> dict[str, Any]:
        return merge(_read(shipped, name), _read(given, name))

    aggregations = both("training/aggregations.yaml")
    return Settings(
        feed=both("catalog/feed.yaml"),
        pool=both("catalog/embedding_pool.yaml"),
        views={p.stem: both(f"catalog/views/{p.name}") for p in sorted((given / "catalog/views").glob("*.yaml"))},
        aggregations=[AGGREGATION_DEFAULTS | spec for spec in aggregations["aggregation_specs"]],
        windowed_joins=aggregations["windowed_joins"],
        runtime=both("training/runtime.yaml"),
    )
