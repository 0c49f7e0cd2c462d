"""Worlds for tests of what people reported: the reported ones, kept beside this file, and small ones built by a test."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from daeda_process import TRAIN, run, rows, trained

WORLDS = Path(__file__).parent / "worlds"
ROOT = "out"
KEYS = ["user_id", "artwork_id", "event_timestamp", "event"]
RUNTIME: dict[str, Any] = {
    "feed_start": "202604", "feed_end": "202604", "output_root": ROOT, "feature_refs": [], "age_columns": {}, "curation": [],
    "embedding_coverage_filter": {"enabled": False}, "content_filter": [], "output_columns": KEYS,
    "compute": {"duckdb_config": {"threads": 1, "memory_limit": "500MB", "temp_directory": "tmp"}},
}
TIME = pa.timestamp("us")


def reported(tmp_path: Path, name: str) -> Path:
    """A copy of a reported world."""
    return Path(shutil.copytree(WORLDS / name, tmp_path / name))


def change(world: Path, file: str, **keys: Any) -> None:
    """Sets keys of a YAML file; a mapping is merged into the one that is there."""
    path = world / "config" / file
    content = yaml.safe_load(path.read_text()) or {}
    for key, value in keys.items():
        content[key] = content[key] | value if isinstance(value, dict) and isinstance(content.get(key), dict) else value
    path.write_text(yaml.safe_dump(content))


def build(
    world: Path,
    feed: dict[str, Any],
    views: dict[str, dict[str, Any]] | None = None,
    pool: dict[str, Any] | None = None,
    specs: list[dict[str, Any]] | None = None,
    joins: list[dict[str, Any]] | None = None,
    **runtime: Any,
) -> Path:
    """A configuration over files that the test writes; `feed` is the content of feed.yaml beside the usual."""
    files = {
        "catalog/feed.yaml": {"columns": {}, "passthrough": [], "session": None, "encodings": {}} | feed,
        "training/aggregations.yaml": {"aggregation_specs": specs or [], "windowed_joins": joins or []},
        "training/runtime.yaml": RUNTIME | runtime,
    }
    files |= {f"catalog/views/{name}.yaml": view for name, view in (views or {}).items()}
    if pool:
        files["catalog/embedding_pool.yaml"] = pool
    for name, content in files.items():
        path = world / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content))
    return world


def write(path: Path, content: str | pa.Table) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        path.write_text(content)
    else:
        pq.write_table(content, path)
    return path


def json_lines(lines: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def csv_lines(*lines: str) -> str:
    return "".join(line + "\n" for line in lines)


def events(**columns: Any) -> pa.Table:
    """Feed rows an hour apart on the first of April 2026; what is given replaces or joins the usual columns."""
    count = max(len(values) for values in columns.values())
    usual: dict[str, Any] = {
        "user_id": ["u1"] * count, "artwork_id": [f"a{n}" for n in range(count)],
        "event_timestamp": pa.array([1_775_001_600_000_000 + n * 3_600_000_000 for n in range(count)], TIME),
        "event": ["like"] * count,
    }
    return pa.table(usual | columns)


def column(world: Path, name: str, day: str = "2026-04-01") -> list[Any]:
    """A column of a published day, in the order of its rows."""
    return [row[name] for row in rows(world / ROOT, day, [name])]


def published(world: Path, name: str, day: str = "2026-04-01") -> list[Any]:
    """Runs the world, which must succeed, and gives a column of a day."""
    trained(world)
    return column(world, name, day)


def refusal(world: Path, *named: str) -> str:
    """Runs the world, whose input must be refused with all of `named` in the message; nothing is published."""
    done = run(world, *TRAIN)
    told = done.stdout + done.stderr
    assert done.returncode == 4, f"exit {done.returncode}\n{told}"
    for text in named:
        assert text in told, f"{text!r} is missing in: {told}"
    assert not list((world / ROOT).glob("dt=*"))
    return told
