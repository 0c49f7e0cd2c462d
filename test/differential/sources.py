"""Reading the inputs into plain Python rows: parquet with pyarrow; csv, json and lance with DuckDB."""

from __future__ import annotations

import calendar
import glob
import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from values import day_start_us, parse_timestamp

Row = dict[str, Any]
TIMESTAMP = pa.timestamp("us")


@lru_cache(maxsize=1)
def connection() -> duckdb.DuckDBPyConnection:
    """A DuckDB in UTC with the Lance extension."""
    import duckdb_extension_lance

    con = duckdb.connect(config={"threads": 1, "allow_unsigned_extensions": "true"})
    root = Path(duckdb_extension_lance.__file__).parent
    con.execute(f"LOAD '{next(root.glob('extensions/*/lance.duckdb_extension'))}'")
    con.execute("SET TimeZone = 'UTC'")
    return con


@dataclass
class Table:
    """Rows by column name, and the type of each column."""

    types: dict[str, pa.DataType] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def append(self, other: "Table") -> None:
        """Union by name: 'one that only some files have is NULL in the others'."""
        for name, kind in other.types.items():
            mine = self.types.get(name)
            known = mine is not None and any(row.get(name) is not None for row in self.rows)
            wider = known and pa.types.is_integer(mine) and pa.types.is_integer(kind) and kind.bit_width > mine.bit_width
            if not known or wider:
                self.types[name] = kind
        self.rows += other.rows
        for row in self.rows:
            for name in self.types:
                row.setdefault(name, None)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type that leaves: no dictionaries, no large variants, every timestamp a naive one of microseconds."""
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if pa.types.is_timestamp(kind):
        return TIMESTAMP
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return pa.list_(plain_type(kind.value_type))
    return kind


def python_values(array: pa.Array | pa.ChunkedArray) -> list[Any]:
    """'Timestamps are microseconds in UTC; finer ones are rounded down.'"""
    if isinstance(array, pa.ChunkedArray):
        return [value for chunk in array.chunks for value in python_values(chunk)]
    kind = array.type
    if pa.types.is_dictionary(kind):
        return python_values(array.dictionary_decode())
    if pa.types.is_timestamp(kind):
        up, down = {"s": (1_000_000, 1), "ms": (1_000, 1), "us": (1, 1), "ns": (1, 1_000)}[kind.unit]
        return [None if v is None else v * up // down for v in array.cast(pa.int64()).to_pylist()]
    if pa.types.is_list(kind) and pa.types.is_timestamp(kind.value_type):
        return [None if not v.is_valid else python_values(v.values) for v in array]
    return array.to_pylist()


def from_arrow(table: pa.Table) -> Table:
    columns = {name: python_values(table.column(name)) for name in table.column_names}
    rows = [dict(zip(columns, values)) for values in zip(*columns.values())]
    return Table({f.name: plain_type(f.type) for f in table.schema}, rows)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def read_file(source: dict[str, Any], path: str, times: set[str]) -> Table:
    """One file (or Lance dataset); `times` are the source's columns that hold timestamps."""
    if source["format"] == "parquet":
        return from_arrow(pq.ParquetFile(path).read())  # the folder's name never adds a column
    con = connection()
    if source["format"] == "lance":
        return from_arrow(con.execute(f"SELECT * FROM {quoted(path)}").to_arrow_table())
    return _read_text(con, source, path, times)


def _read_text(con: duckdb.DuckDBPyConnection, source: dict[str, Any], path: str, times: set[str]) -> Table:
    """'CSV and JSON take DuckDB's type detection, unless source.types says otherwise.'  Times are parsed here."""
    function = "read_csv" if source["format"] == "csv" else "read_json"
    reader = f"{function}({quoted(path)}, hive_partitioning = false" + (", header = true" if function == "read_csv" else "")
    names = con.execute(f"SELECT * FROM {reader}) LIMIT 0").to_arrow_table().column_names
    declared = {n: t for n, t in (source.get("types") or {}).items() if n in names}
    times = times | {n for n, t in declared.items() if t.startswith("TIMESTAMP")}
    forced = {n: "VARCHAR" if n in times else t for n, t in declared.items()}
    forced |= {n: "VARCHAR" for n in names if n in times}
    if source["format"] == "csv":
        types = ", ".join(f"{quoted(n)}: {quoted(t)}" for n, t in forced.items())
        query = f"SELECT * FROM {reader}, types = {{{types}}})" if forced else f"SELECT * FROM {reader})"
    else:
        casts = ", ".join(f'CAST("{n}" AS {t}) AS "{n}"' for n, t in forced.items())
        query = f"SELECT * REPLACE ({casts}) FROM {reader})" if forced else f"SELECT * FROM {reader})"
    table = from_arrow(con.execute(query).to_arrow_table())
    if source["format"] == "json":  # DuckDB's detection may have taken a text with a zone for one without
        lines = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").split("\n") if line]
        for row, line in zip(table.rows, lines, strict=True):
            row |= {n: line.get(n) for n in names if n in times}
    for name in [n for n in table.types if n in times]:
        table.types[name] = TIMESTAMP
        for row in table.rows:
            row[name] = parse_timestamp(row[name])
    return table


def read_source(source: dict[str, Any], times: set[str]) -> Table:
    table = Table()
    for path in sorted(glob.glob(source["path"])):
        table.append(read_file(source, path, times))
    return table


@dataclass
class Partition:
    """One file of a feed and the time its partition spans; None means everything."""

    path: str
    start_us: int | None
    end_us: int | None

    def holds(self, time_us: int | None) -> bool:
        """'A row with a NULL event_timestamp, or one outside its own partition, belongs to no day.'"""
        if time_us is None:
            return False
        return self.start_us is None or self.start_us <= time_us < self.end_us


def feed_partitions(template: str) -> list[Partition]:
    """'{YYYYMM}, {YYYY}, {MM}, {DD} in the feed's path make it partitioned by event time.'"""
    digits = {"YYYYMM": 6, "YYYY": 4, "MM": 2, "DD": 2}
    pattern, seen = "", set()
    for piece in re.split(r"(\{(?:YYYYMM|YYYY|MM|DD)\}|\*)", template):
        token = piece[1:-1]
        if piece == "*":
            pattern += "[^/]*"
        elif piece.startswith("{") and token in digits:
            pattern += f"(?P={token})" if token in seen else rf"(?P<{token}>\d{{{digits[token]}}})"
            seen.add(token)
        else:
            pattern += re.escape(piece)
    found = []
    for path in sorted(glob.glob(re.sub(r"\{(YYYYMM|YYYY|MM|DD)\}", "*", template))):
        match = re.fullmatch(pattern, path)
        span = _span(match.groupdict()) if match else None
        if span:
            found.append(Partition(path, *span))
    return found


def _span(tokens: dict[str, str]) -> tuple[int | None, int | None] | None:
    if not tokens:
        return None, None
    year = int(tokens["YYYYMM"][:4] if "YYYYMM" in tokens else tokens["YYYY"])
    month = tokens["YYYYMM"][4:] if "YYYYMM" in tokens else tokens.get("MM")
    try:
        first = date(year, int(month or 1), int(tokens.get("DD", 1)))
    except ValueError:
        return None
    if "DD" in tokens:
        days = 1
    elif month:
        days = calendar.monthrange(year, int(month))[1]
    else:
        days = 366 if calendar.isleap(year) else 365
    return day_start_us(first), day_start_us(first + timedelta(days=days))
