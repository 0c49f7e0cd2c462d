"""Compares what `daeda` published with the oracle: days, columns, types, rows, parts, accounting, qids.

`differences(outcome)` gives short sentences, at most a few per day; an empty list means that all is equal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from oracle import Accounting, DayResult, Outcome
from sources import plain_type, python_values
from values import order_key

MAX_PER_DAY = 4


def differences(outcome: Outcome, exit_code: int | None = None) -> list[str]:
    found: list[str] = []
    if exit_code is not None and exit_code != outcome.exit_code:
        found.append(f"exit code: got {exit_code}, expected {outcome.exit_code}")
    root = outcome.output_root
    got_days = {path.name.removeprefix("dt=") for path in root.glob("dt=*")}
    expected_days = {f"{day}" for day, result in outcome.days.items() if not result.failed}
    if got_days != expected_days:
        found.append(f"days: missing {sorted(expected_days - got_days)}, unexpected {sorted(got_days - expected_days)}")
    for day, result in outcome.days.items():
        if f"{day}" in got_days & expected_days:
            found += [f"{day}: {text}" for text in compare_day(root / f"dt={day}", result, outcome.chunk_rows)[:MAX_PER_DAY]]
    return found + compare_qids(outcome)


def compare_day(folder: Path, expected: DayResult, chunk_rows: int) -> list[str]:
    parts = part_files(folder)
    strange = [p.name for p in folder.iterdir() if p not in parts and p.name[0] not in "_."]
    found = [f"a strange name beside the parts: {name}" for name in strange]
    tables = [pq.ParquetFile(path) for path in parts]
    sizes = [table.metadata.num_rows for table in tables]
    wanted = part_sizes(len(expected.rows), chunk_rows)
    if sizes != wanted or [p.name for p in parts] != [f"part-{n}-0.parquet" for n in range(len(wanted))]:
        found.append(f"parts: got {[p.name for p in parts]} with {sizes} rows, expected {wanted} rows")
    for table, path in zip(tables, parts):
        found += compare_schema(table, path.name, expected)
    found = list(dict.fromkeys(found))
    if not any(text.startswith("columns") for text in found) and tables:
        found += compare_rows(pa.concat_tables([t.read() for t in tables], promote_options="permissive"), expected)
    return found + compare_accounting(folder / "_manifest.json", expected.accounting)


def part_files(folder: Path) -> list[Path]:
    """The parts, in the order of their numbers."""
    return sorted(folder.glob("part-*-0.parquet"), key=lambda path: int(path.name.split("-")[1]))


def part_sizes(rows: int, chunk_rows: int) -> list[int]:
    """'entity_spine_chunk_rows rows each but the last'; 'all filtered out is published as one file with no rows'."""
    full, rest = divmod(rows, chunk_rows)
    return [chunk_rows] * full + ([rest] if rest or not rows else [])


def compare_schema(table: pq.ParquetFile, name: str, expected: DayResult) -> list[str]:
    schema = table.schema_arrow
    if schema.names != [column for column, _ in expected.columns]:
        return [f"columns: got {schema.names}, expected {[column for column, _ in expected.columns]}"]
    found = []
    for got, (column, kind) in zip(schema, expected.columns):
        exact = got.type if pa.types.is_timestamp(got.type) else plain_type(got.type)  # a timestamp without zone
        if exact != kind:
            found.append(f"type of {column}: got {got.type}, expected {kind}")
    groups = [table.metadata.row_group(n) for n in range(table.metadata.num_row_groups)]
    codecs = {group.column(c).compression for group in groups for c in range(group.num_columns)}
    if codecs - {"ZSTD"}:
        found.append(f"compression of {name}: {codecs}")
    return found


def compare_rows(got: pa.Table, expected: DayResult) -> list[str]:
    found = []
    if got.num_rows != len(expected.rows):
        found.append(f"rows: got {got.num_rows}, expected {len(expected.rows)}")
    columns = [python_values(got.column(n)) for n in range(got.num_columns)]
    names = [name for name, _ in expected.columns]
    for number, (got_row, wanted) in enumerate(zip(zip(*columns), expected.rows)):
        for name, value, right in zip(names, got_row, wanted):
            if not identical(value, right):
                key = {k: v for k, v in zip(names, wanted) if k in ("user_id", "artwork_id", "event_timestamp", "event")}
                found.append(f"row {number} {key}, column {name}: got {value!r}, expected {right!r}")
                if len(found) >= MAX_PER_DAY:
                    return found
    return found


def identical(left: Any, right: Any) -> bool:
    """Equal value and kind; NaN is identical to NaN, True is not 1."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(identical, left, right))
    return type(left) is type(right) and order_key(left) == order_key(right)


def compare_accounting(manifest: Path, expected: Accounting) -> list[str]:
    try:
        got = json.loads(manifest.read_text(encoding="utf-8"))["row_accounting"]
    except (OSError, ValueError, KeyError) as problem:
        return [f"manifest: {problem!r}"]
    wanted, have = normal(expected), normal(got)
    return [] if wanted == have else [f"row_accounting: got {have}, expected {wanted}"]


def normal(accounting: Accounting) -> list[tuple]:
    """A reason with no rows says the same as no reason."""
    return [
        (s["step"], s["rows_in"], sorted((r, n) for r, n in s["dropped"].items() if n), s["rows_out"]) for s in accounting
    ]


def compare_qids(outcome: Outcome) -> list[str]:
    path = outcome.output_root / "qid_map.parquet"
    if not path.exists():
        return [f"qid_map.parquet is missing, expected {len(outcome.qids)} sessions"] if outcome.qids else []
    if not outcome.has_session:
        return ["qid_map.parquet exists without sessions"]
    table = pq.ParquetFile(path).read()
    if table.column_names != ["feed_session", "qid"]:
        return [f"qid_map.parquet: columns {table.column_names}"]
    found = []
    kinds = [plain_type(kind) for kind in table.schema.types]
    if kinds != [outcome.session_type, pa.int64()]:
        found.append(f"qid_map.parquet: types {kinds}, expected {[outcome.session_type, pa.int64()]}")
    pairs = list(zip(*(python_values(table.column(n)) for n in range(2))))
    if dict(pairs) != outcome.qids or len(pairs) != len(outcome.qids):
        found.append(f"qid_map.parquet: got {sorted(pairs, key=lambda p: p[1])}, expected {sorted(outcome.qids.items(), key=lambda p: p[1])}")
    return found


def published(root: Path) -> dict[str, bytes]:
    """The bytes of every part and of the qid map, by their path."""
    files = [*root.glob("dt=*/part-*.parquet"), *root.glob("qid_map.parquet")]
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(files)}
