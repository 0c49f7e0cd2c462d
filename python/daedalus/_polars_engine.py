"""The engine `polars` of aggregate_pit_table(): over the same numbered events and rows as the others, and to the same lists.

Each aggregation's elements stand in one column, by user and newest first, so that a window of a row is a run of neighbours from
`start` to `stop`. Both edges are found by as-of joins on the time; then each row has its run exploded, sifted and gathered again.

The program `daeda` runs this module as `python -m daedalus._polars_engine DIRECTORY`, with what `main()` says in the directory.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ._errors import MachineError

BATCH_ROWS = 32_768
"""Rows whose runs are exploded at once."""


def aggregate(events_file: Path, rows_file: Path, event_names: list[str], specs: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """The columns of all specs, which are those of `schema`, a row per numbered row, in their order.

    Args:
        events_file: Parquet, by `__key` (the user) and from its newest event to its oldest: `__key`, `__t` (the time), `__event`
            (its place in `event_names`), and each column that is listed.
        rows_file: Parquet: `__key`, `__t`, and for each column of a spec with `exclude_self` the row's own value, `__own_{column}`.
        specs: Of each its keys as in aggregations.yaml, `spec`, and its `columns`: names with windows in microseconds or None.
    """
    events = pl.scan_parquet(events_file).with_columns(pl.col("__t").cast(pl.Int64))
    rows = pl.scan_parquet(rows_file, row_index_name="__row_id").with_columns(pl.col("__t").cast(pl.Int64))
    elements = pl.collect_all([_elements(events, each["spec"], event_names) for each in specs])
    runs = pl.collect_all([_runs(rows, taken.lazy(), [micros for _, micros in each["columns"]]) for taken, each in zip(elements, specs)])
    batches = [schema.empty_table()]
    for offset in range(0, rows.select(pl.len()).collect().item(), BATCH_ROWS):
        columns = [
            _column(all_runs.lazy().slice(offset, BATCH_ROWS), taken, each["spec"], f"stop{number}").rename({"value": name})
            for all_runs, taken, each in zip(runs, elements, specs)
            for number, (name, _) in enumerate(each["columns"])
        ]
        batches.append(_as_arrow(pl.concat(pl.collect_all(columns), how="horizontal"), schema))
    return pa.concat_tables(batches)


def _elements(events: pl.LazyFrame, spec: dict[str, Any], event_names: list[str]) -> pl.LazyFrame:
    """What an aggregation takes of all users: `__key`, `__t`, `value`, its place `at`, and `newer`, the place of the nearest newer
    element of the user with an equal value."""
    wanted = [number for number, name in enumerate(event_names) if name in spec["events"]]
    taken = events.filter(pl.col("__event").is_in(wanted))
    if spec["agg"] == "count":
        return taken.select("__key", "__t").with_row_index("at").cast({"at": pl.Int64})
    taken = taken.select("__key", "__t", value=pl.col(spec["column"]))
    if spec["flatten_distinct"]:
        taken = taken.explode("value")
    elements = taken.filter(pl.col("value").is_not_null()).with_row_index("at").cast({"at": pl.Int64})
    if not spec["distinct"]:
        return elements
    return elements.with_columns(newer=pl.col("at").shift(1).over("__key", "value"))


def _runs(rows: pl.LazyFrame, elements: pl.LazyFrame, windows: list[int | None]) -> pl.LazyFrame:
    """The rows with `start`, and for each window the `stop0`, `stop1`, … between which and `start` its elements stand."""
    instants = elements.group_by("__key", "__t", maintain_order=True).agg(pl.col("at").first()).sort("__key", "__t")
    ends = elements.group_by("__key").agg(end=pl.col("at").last() + 1)
    edges = {"start": 0} | {f"stop{number}": micros for number, micros in enumerate(windows) if micros is not None}
    found = [_newest_before(rows, instants, micros).rename({"at": edge}) for edge, micros in edges.items()]
    runs = pl.concat([rows.join(ends, on="__key", how="left", maintain_order="left"), *found], how="horizontal")
    for number, micros in enumerate(windows):
        stop = pl.col("end") if micros is None else pl.coalesce(f"stop{number}", "end")
        runs = runs.with_columns(pl.when(pl.col("start").is_null()).then(0).otherwise(stop).alias(f"stop{number}"))
    return runs.with_columns(pl.col("start").fill_null(0))


def _newest_before(rows: pl.LazyFrame, instants: pl.LazyFrame, micros: int) -> pl.LazyFrame:
    """Of each row the place of its user's newest element older than the row's time minus a window; NULL when there is none."""
    times = rows.select("__row_id", "__key", pl.col("__t") - micros).sort("__t")
    joined = times.join_asof(instants, on="__t", by="__key", allow_exact_matches=False, check_sortedness=False)
    return joined.sort("__row_id").select("at")


def _column(runs: pl.LazyFrame, elements: pl.DataFrame, spec: dict[str, Any], stop: str) -> pl.LazyFrame:
    """One column of the result, `value`, for some rows."""
    if spec["agg"] == "count":
        return runs.select(value=pl.col(stop) - pl.col("start"))
    own = pl.col(f"__own_{spec['column']}") if spec["exclude_self"] else pl.lit(None)
    kept = runs.select("__row_id", "start", own.alias("own"), at=pl.int_ranges("start", stop)).explode("at", keep_nulls=False)
    kept = kept.with_columns(pl.lit(elements[each]).gather(pl.col("at")).alias(each) for each in elements.columns if each in ("value", "newer"))
    if spec["exclude_self"]:
        is_own = pl.col("value").is_in(pl.col("own")) if spec["flatten_distinct"] else pl.col("value").eq_missing(pl.col("own"))
        kept = kept.filter(~is_own.fill_null(False))
    if spec["distinct"]:
        kept = kept.filter(pl.col("newer").is_null() | (pl.col("newer") < pl.col("start")))
    values = pl.col("value")
    if spec["max_length"] is not None:
        values = values.head(spec["max_length"])
    if spec["order"] == "oldest_first":
        values = values.reverse()
    lists = kept.group_by("__row_id", maintain_order=True).agg(values)
    return runs.select("__row_id").join(lists, on="__row_id", how="left", maintain_order="left").select(pl.col("value").fill_null([]))


def _as_arrow(made: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """The same in the types that all engines give."""
    return made.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)


def main(directory: str) -> None:
    """Makes `lists.parquet` of `events.parquet` and `rows.parquet`, of `event_names` and `specs` in `specs.json`, and of the columns of
    `empty_result.parquet`: see `aggregate()`."""
    files = Path(directory)
    given = json.loads((files / "specs.json").read_text())
    schema = pq.read_schema(files / "empty_result.parquet")
    made = aggregate(files / "events.parquet", files / "rows.parquet", given["event_names"], given["specs"], schema)
    pq.write_table(made, files / "lists.parquet", compression="lz4")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (MemoryError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(MachineError.exit_code)
