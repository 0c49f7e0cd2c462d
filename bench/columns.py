"""The columns that the shipped aggregation_specs make: what a peer of the rolling step has to compute."""

from dataclasses import dataclass
from pathlib import Path

import yaml

AGGREGATIONS = Path(__file__).resolve().parent.parent / "config/training/aggregations.yaml"


@dataclass(frozen=True)
class Column:
    """One list or count per row, over the user's events of some kinds in the days before the row."""

    name: str
    events: tuple[str, ...]
    days: int | None  # None: since ever
    value: str | None  # the column listed; None: events are counted
    flatten: bool  # `value` is a list itself
    distinct: bool
    exclude_self: bool


def rolling_columns() -> list[Column]:
    """All columns, in the order of the configuration."""
    columns = []
    for spec in yaml.safe_load(AGGREGATIONS.read_text())["aggregation_specs"]:
        cumulative = spec["windows"] == "cumulative"
        flatten = spec.get("flatten_distinct", False)
        for window in [None] if cumulative else spec["windows"]:
            columns.append(
                Column(
                    name=spec["name"] if cumulative else f"{spec['name']}_{window}",
                    events=tuple(spec["events"]),
                    days=None if cumulative else int(window.removesuffix("d")),
                    value=None if spec.get("agg") == "count" else spec["column"],
                    flatten=flatten,
                    distinct=flatten or cumulative or spec.get("distinct", False),
                    exclude_self=spec.get("exclude_self", False),
                )
            )
    return columns
