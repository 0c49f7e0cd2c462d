"""aggregate_pit_table(): rolling point-in-time aggregations of any table of events."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Iterable, Mapping, Protocol, Union

import pyarrow as pa

from . import _native
from ._config import AggregationSpec
from ._errors import ConfigError, MachineError

ENGINES = ("native", "duckdb", "polars")


class ArrowTable(Protocol):
    """A table that gives itself by the Arrow PyCapsule interface: of pyarrow, Polars, pandas, a DuckDB relation."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


Spec = Union[AggregationSpec, Mapping[str, Any]]
"""An `AggregationSpec`, or a mapping with its keys."""


def aggregate_pit_table(
    events: ArrowTable,
    specs: Spec | Iterable[Spec],
    rows: ArrowTable | None = None,
    engine: str = "native",
    *,
    duckdb_config: Mapping[str, str | int] | None = None,
) -> pa.Table:
    """Adds rolling point-in-time aggregations to rows: for a row at `t` and a window `w`, lists or counts of its user's events
    in `[t - w, t)`. Nothing at or after a row's own instant can reach it, not even another event of that instant.

    Events of one instant are ordered by a hash of `artwork_id` and `event` (XXH3-64, so that ties plant no pattern), then by
    `artwork_id`, `event`, and the other columns as they stand in the table. All engines give the same, to the last element.

    Args:
        events: Columns `user_id` and `artwork_id` (each text or integers), `event_timestamp` (timestamps of any unit, finer
            ones than microseconds rounded down; zones become UTC) and `event` (text), without NULLs; and the `column` of each
            spec. In any order; equal events are all kept.
        specs: One or several of what `aggregation_specs` holds in `aggregations.yaml`: `AggregationSpec`s, or mappings with
            its keys.
        rows: What to aggregate for: `user_id` (NULL: a row without events) and `event_timestamp`, the `column` of each spec
            with `exclude_self`, and whatever else is to be kept. The events themselves when it is None.
        engine: `"native"`, the fast one; `"duckdb"`, the reference; or `"polars"`, which needs polars installed.
        duckdb_config: DuckDB's settings, as `compute.duckdb_config`: `{"threads": 4, "memory_limit": "8GB"}`. Intermediate
            files go below its `temp_directory`, or else the system's.

    Returns:
        The columns of `rows`, in their order and not copied, and then those of the specs, `{name}_{window}` each (`{name}`
        when cumulative): lists of `column`'s type, never NULL, or int64 counts.

    Raises:
        ConfigError: A spec is not valid, all problems at once; a column is missing; the engine is unknown or not installed.
        InputError: A key column has another type than above.
        DataError: A key column of the events holds NULLs.
        MachineError: Memory or disk ran out.
    """
    if engine not in ENGINES:
        raise ConfigError(f"there is no engine '{engine}'", f"name one of {', '.join(ENGINES)}")
    event_table = _table(events, "events")
    row_table = event_table if rows is None else _table(rows, "rows")
    settings = {name: str(value) for name, value in (duckdb_config or {}).items()}
    listed = [specs] if isinstance(specs, (AggregationSpec, Mapping)) else list(specs)
    given_rows = None if rows is None else _without_views(row_table)
    numbered = _native.make_input(_without_views(event_table), given_rows, _to_json(listed), settings)
    if engine == "polars":
        made = pa.table(numbered.in_given_order(_with_polars(numbered)))
    else:
        made = pa.table(numbered.aggregate(engine))
    for name in made.column_names:
        row_table = row_table.append_column(made.field(name), made.column(name))
    return row_table


def _table(given: ArrowTable, what: str) -> pa.Table:
    if hasattr(given, "__arrow_c_stream__"):
        return pa.table(given)
    raise ConfigError(
        f"{what}: a {type(given).__name__} does not give itself as Arrow", "pass a table of pyarrow, Polars or pandas, or a DuckDB relation"
    )


def _without_views(table: pa.Table) -> pa.Table:
    """Dictionaries of text views, which Polars makes of categories and Arrow can't write, as dictionaries of text."""
    for i, field in enumerate(table.schema):
        if not (pa.types.is_dictionary(field.type) and field.type.value_type == pa.string_view()):
            continue
        chunks = [pa.DictionaryArray.from_arrays(each.indices, each.dictionary.cast(pa.string())) for each in table.column(i).chunks]
        table = table.set_column(i, field.name, pa.chunked_array(chunks, pa.dictionary(field.type.index_type, pa.string())))
    return table


def _to_json(specs: list[Spec]) -> str:
    """The list as YAML has it; a key that is None is one that is left out."""
    mappings = [dataclasses.asdict(each) if isinstance(each, AggregationSpec) else dict(each) for each in specs]
    given = [{key: value for key, value in each.items() if value is not None} for each in mappings]
    try:
        return json.dumps(given, ensure_ascii=False)
    except TypeError as error:
        raise ConfigError(f"specs: {error}", "use texts, numbers, booleans and lists, as in aggregations.yaml") from error


def _with_polars(numbered: _native.PitInput) -> pa.Table:
    try:
        from . import _polars_engine
    except ImportError as error:
        raise ConfigError("the engine 'polars' needs the package polars, which is not installed", "pip install 'daedalus[polars]'") from error
    specs = json.loads(numbered.specs)
    schema = pa.table(numbered.empty_result).schema
    try:
        return _polars_engine.aggregate(numbered.events_file, numbered.rows_file, numbered.event_names, specs, schema)
    except (MemoryError, OSError) as error:
        raise MachineError(f"the engine 'polars': {error}", "free memory or disk, or aggregate fewer rows at a time") from error
