"""Writes the world of a case, configuration and data, into a directory."""

from __future__ import annotations

import copy
import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from stage_case import TARGET_DAY, merge, tables

ROOT = Path(__file__).resolve().parents[2]
FILES = {"runtime": "training/runtime.yaml", "aggregations": "training/aggregations.yaml", "feed": "catalog/feed.yaml",
         "pool": "catalog/embedding_pool.yaml"}
# What every case starts from, unless it says `bare: false`: the shipped configuration with all optional steps off.
BARE = {
    "runtime": {
        "compute": {"duckdb_config": {"threads": 1, "memory_limit": "1GB"}},
        "output_root": "output",
        "max_invalid_fraction": 1,
        "feature_refs": [],
        "embedding_coverage_filter": {"enabled": False},
        "age_columns": {},
        "curation": [],
        "content_filter": [],
    },
    "aggregations": {"aggregation_specs": [], "windowed_joins": []},
}
BARE_POOL = {"source": {"format": "parquet", "path": "data/pool.parquet"}}  # opened only where the filter is enabled
TYPES = {
    "event_timestamp": "TIMESTAMP", "updated_at": "TIMESTAMP", "artwork_created_at": "TIMESTAMP", "user_created_at": "TIMESTAMP",
    "current_like_count": "BIGINT", "width": "BIGINT", "height": "BIGINT", "sampling_steps": "BIGINT", "tack_ids": "BIGINT[]",
    "followed_user_ids": "VARCHAR[]", "embedding": "FLOAT[]", "aes_score": "DOUBLE", "media_safety_score": "DOUBLE",
    "text_safety_score": "DOUBLE", "hide_prompts": "BOOLEAN", "is_sensitive": "BOOLEAN", "lightning": "BOOLEAN",
    "blur_nsfw": "BOOLEAN", "show_nsfw": "BOOLEAN", "safe_search": "BOOLEAN",
}  # every other column is text; a case's `types` may say otherwise
ARROW_TYPES = {
    "VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "SMALLINT": pa.int16(), "INTEGER": pa.int32(), "BIGINT": pa.int64(),
    "FLOAT": pa.float32(), "DOUBLE": pa.float64(), "TIMESTAMP": pa.timestamp("us"), "TIMESTAMPTZ": pa.timestamp("us", "UTC"),
    "TIMESTAMP_S": pa.timestamp("s"), "TIMESTAMP_MS": pa.timestamp("ms"), "TIMESTAMP_NS": pa.timestamp("ns"),
}
NANOSECONDS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
Row = dict[str, Any]


def parse_time(text: str) -> int:
    """`[[YYYY-]MM-DD ]HH:MM[:SS[.fraction]]` in UTC as nanoseconds; the year is 2026 and the day the target day."""
    match = re.fullmatch(r"(?:(?:(\d{4})-)?(\d\d-\d\d)[ T])?(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?", text)
    assert match, f"no time: {text!r}"
    year, day, minute, second, fraction = match.groups()
    moment = datetime.fromisoformat(f"{year or 2026}-{day or TARGET_DAY[5:]}T{minute}:{second or '00'}+00:00")
    return int(moment.timestamp()) * 1_000_000_000 + int((fraction or "0").ljust(9, "0"))


def arrow_type(name: str) -> pa.DataType:
    return pa.list_(arrow_type(name[:-2])) if name.endswith("[]") else ARROW_TYPES[name]


def arrow_value(value: Any, kind: pa.DataType) -> Any:
    if pa.types.is_list(kind) and value is not None:
        return [arrow_value(v, kind.value_type) for v in value]
    return parse_time(value) // NANOSECONDS[kind.unit] if pa.types.is_timestamp(kind) and value is not None else value


def arrow_table(name: str, rows: list[Row], columns: list[str], types: dict[str, str]) -> pa.Table:
    """Rows as columns; the type of `name.column` comes before that of `column`."""
    made = {}
    for column in columns:
        kind = arrow_type(types.get(f"{name}.{column}") or types.get(column) or TYPES.get(column, "VARCHAR"))
        made[column] = pa.array([arrow_value(row.get(column), kind) for row in rows], kind)
    return pa.table(made)


@lru_cache(maxsize=1)
def lance_connection() -> Any:
    import duckdb
    import duckdb_extension_lance

    con = duckdb.connect(config={"threads": 1, "allow_unsigned_extensions": "true"})
    extension = next(Path(duckdb_extension_lance.__file__).parent.glob("extensions/*/lance.duckdb_extension"))
    con.execute(f"LOAD '{extension}'")
    return con


def write_data(path: Path, table: pa.Table, form: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if form == "lance":
        con = lance_connection().cursor()
        con.register("rows_to_write", table)
        con.execute(f"COPY (SELECT * FROM rows_to_write) TO '{path}' (FORMAT lance)")
    else:
        pq.write_table(table, path)


def columns_of(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


@lru_cache(maxsize=None)
def shipped(path: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / "config" / path).read_text(encoding="utf-8"))


class WorldFiles:
    """The files of one world; each step writes what it names and leaves the rest."""

    def __init__(self, directory: Path, bare: bool) -> None:
        self.directory, self.config, self.types = directory, copy.deepcopy(BARE) if bare else {}, {}
        if bare:
            self.config["pool"] = copy.deepcopy(BARE_POOL)
        self.views = {p.stem: shipped(f"catalog/views/{p.name}") for p in sorted((ROOT / "config/catalog/views").glob("*.yaml"))}

    def write(self, step: dict[str, Any], first: bool) -> None:
        given = tables(step.get("given", {}))
        self.types |= step.get("types", {})
        self.config = merge(self.config, {k: v for k, v in step.get("config", {}).items() if k != "views"})
        for name, view in step.get("config", {}).get("views", {}).items():
            self.views[name] = merge(self.views.get(name, {}), view)
        if first or "config" in step:
            self.write_config()
        self.write_feed(given)
        for name in self.views:
            if name in given.get("views", {}) or first:
                self.write_view(name, given.get("views", {}).get(name, []))
        if "pool" in given:
            source = self.config["pool"]["source"] if "pool" in self.config else shipped(FILES["pool"])["source"]
            table = arrow_table("pool", given["pool"], columns_of(given["pool"]), self.types)
            write_data(self.directory / source["path"], table, source["format"])
        for path, text in step.get("files", {}).items():
            target = self.directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True) if text is None else target.write_text(text, encoding="utf-8")

    def write_config(self) -> None:
        files = {path: self.config.get(name, {}) for name, path in FILES.items()}
        files |= {f"catalog/views/{name}.yaml": view for name, view in self.views.items() if view is not None}
        for path, content in files.items():
            target = self.directory / "config" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True) if content else "", encoding="utf-8")

    def write_feed(self, given: dict[str, Any]) -> None:
        source = merge(shipped(FILES["feed"])["source"], self.config.get("feed", {}).get("source", {}))
        parts: dict[str, list[Row]] = {}
        for row in given.get("feed", []):
            parts.setdefault(partition_path(source["path"], row), []).append(row)
        for path, rows in parts.items():
            table = arrow_table("feed", rows, columns_of(given["feed"]), self.types)
            write_data(self.directory / path, table, source["format"])
        for path, rows in given.get("feed_files", {}).items():
            write_data(self.directory / path, arrow_table("feed", rows, columns_of(rows), self.types), source["format"])

    def write_view(self, name: str, rows: list[Row] | None) -> None:
        """The rows given; a shipped view without any is an empty file, and with `null` there is no file."""
        view = self.views[name]
        if rows is None or view is None or view["source"]["format"] not in ("parquet", "lance"):
            return
        columns = [view["entity"], *([view["timestamp_field"]] if view.get("timestamp_field") else []), *view["features"]]
        table = arrow_table(name, rows, columns, self.types)
        write_data(self.directory / view["source"]["path"].replace("*", "part"), table, view["source"]["format"])


def partition_path(template: str, row: Row) -> str:
    time = parse_time(row["event_timestamp"]) if row.get("event_timestamp") else parse_time("12:00")
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=time // 1000)
    for token, form in {"{YYYYMM}": "%Y%m", "{YYYY}": "%Y", "{MM}": "%m", "{DD}": "%d"}.items():
        template = template.replace(token, moment.strftime(form))
    return template.replace("*", "part")
