"""`path_columns`: columns that stand in directories of the path alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

import daeda_process as dp
from reported_world import KEYS, ROOT, TIME, build, events, write

STAMPS = pa.array([0], TIME)


def test_columns_of_paths_of_feed_and_view(tmp_path: Path) -> None:
    """Percent-decoded once; the file's own column wins, file by file; Hive's default partition is NULL; a required one is supplied."""
    for number, (folder, more) in enumerate({"event=like/geo=a%2520b": {}, "event=like/geo=__HIVE_DEFAULT_PARTITION__": {},
                                            "event=view/geo=DE": {"geo": ["file"]}}.items()):
        table = events(user_id=[f"u{number}"], artwork_id=["a0"], **more).drop_columns(["event"])
        write(tmp_path / "data/feed" / folder / "f.parquet", table)
    write(tmp_path / "data/art/lang=d%C3%A9/f.parquet", pa.table({"artwork_id": ["a0"], "updated_at": STAMPS}))
    view = {"source": {"format": "parquet", "path": "data/art/*/*.parquet"}, "entity": "artwork_id", "timestamp_field": "updated_at",
            "features": ["lang"], "path_columns": ["lang"]}
    feed = {"source": {"format": "parquet", "path": "data/feed/*/*/*.parquet"}, "passthrough": ["geo"], "path_columns": ["event", "geo"]}
    build(tmp_path, feed, {"art": view}, feature_refs=["art"], output_columns=[*KEYS, "geo", "lang"])
    dp.trained(tmp_path)
    assert [(row["event"], row["geo"], row["lang"]) for row in dp.rows(tmp_path / ROOT, "2026-04-01")] == [
        ("like", "a%20b", "dé"), ("like", None, "dé"), ("view", "file", "dé")]
