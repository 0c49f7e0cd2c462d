"""A world so small that a run of it takes a fraction of a second, and yet passes every stage: two target days of two parts each, sessions,
a view, a windowed join, an early list. `BEFORE` and `AFTER` are two configurations that publish different rows and different new sessions."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow.csv
import pyarrow.parquet as pq
import yaml

DAYS = ["2026-05-02", "2026-05-03", "2026-05-04"]
USERS = ["ana", "ben", "eve"]
EVENTS = ["like", "view", "click", "like"]
ROWS_PER_DAY = 18
FEED_COLUMNS = ["user_id", "artwork_id", "event_timestamp", "event", "feed_session"]

RUNTIME: dict[str, Any] = {
    "feed_start": "202605",
    "feed_end": "202605",
    "entity_spine_chunk_rows": 8,
    "output_root": "output",
    "compute": {"duckdb_config": {"threads": 1, "memory_limit": "500MB", "temp_directory": "spill"}},
    "feature_refs": ["artwork_properties"],
    "embedding_coverage_filter": {"enabled": False},
    "age_columns": {},
    "curation": [],
    "output_columns": [
        "user_id", "artwork_id", "event_timestamp", "event", "author_id", "likes_7d", "recent",
        {"name": "liked_7d", "type": "VARCHAR[]"},
    ],
}  # fmt: skip
AGGREGATIONS = {
    "aggregation_specs": [
        {"name": "liked", "column": "artwork_id", "events": ["like"], "windows": ["7d"], "exclude_self": True},
        {"name": "likes", "agg": "count", "events": ["like"], "windows": ["7d"]},
    ],
    "windowed_joins": [
        {"name": "recent", "view": "artwork_properties", "on": {"author_id": "user_id"}, "time": "artwork_created_at",
         "value": "artwork_id", "window": "30d", "max_length": 5}
    ],
}  # fmt: skip
CATALOG = {
    "feed": {
        "source": {"format": "parquet", "path": "feed/month={YYYYMM}/*.parquet"},
        "passthrough": [], "session": "feed_session", "encodings": {},
    },
    "views/artwork_properties": {
        "source": {"format": "parquet", "path": "artworks.parquet"}, "entity": "artwork_id",
        "timestamp_field": "updated_at", "features": ["author_id", "artwork_created_at"],
    },
}  # fmt: skip
BEFORE = {"content_filter": [{"user_id": "ben"}]}
AFTER = {"content_filter": [{"user_id": "nobody"}]}


def feed_row(day: str, place: int) -> list[str]:
    hour, half = divmod(place, 2)
    user = USERS[place % len(USERS)]
    session = f"{user}-{day[-2:]}-{place // 6}"
    return [user, f"a{place * 7 % 10}", f"{day} {hour:02}:{30 * half:02}:00", EVENTS[place % len(EVENTS)], session]


def write_table(path: Path, header: str, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join([header, *(",".join(row) for row in rows)])
    pq.write_table(pyarrow.csv.read_csv(io.BytesIO(text.encode())), path)


def write_feed(world: Path, day: str) -> None:
    write_table(world / f"feed/month={day[:4]}{day[5:7]}/{day}.parquet", ",".join(FEED_COLUMNS), [feed_row(day, place) for place in range(ROWS_PER_DAY)])


def configure(world: Path, directory: str = "config", **changes: Any) -> None:
    """Writes a configuration with these keys of `runtime` changed."""
    files = {"training/runtime": RUNTIME | changes, "training/aggregations": AGGREGATIONS} | {f"catalog/{name}": each for name, each in CATALOG.items()}
    for name, content in files.items():
        path = world / f"{directory}/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content))


def make_world(world: Path, days: list[str] = DAYS) -> Path:
    for day in days:
        write_feed(world, day)
    artworks = [[f"a{i}", USERS[i % 3], f"2026-04-{i + 20} 00:00:00", "2026-05-01 00:00:00"] for i in range(10)]
    write_table(world / "artworks.parquet", "artwork_id,author_id,artwork_created_at,updated_at", artworks)
    configure(world, **BEFORE)
    return world
