"""`daeda catalog`: what it lists, counts, and prints for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

import daeda_process as dp

VIEWS = ["artwork_aesthetic", "artwork_generation", "artwork_properties", "artwork_tack", "artwork_vector", "user_profile"]


def catalog(world: Path, *arguments: str) -> Any:
    done = dp.run(world, "catalog", *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_list_names_every_source_with_its_files(untouched_world: Path) -> None:
    entries = {entry["name"]: entry for entry in catalog(untouched_world, "list")}
    assert sorted(entries) == sorted(["feed", "embedding_pool", *VIEWS])
    files = list((untouched_world / "data/feed").rglob("*.parquet"))
    assert (entries["feed"]["files"], entries["feed"]["bytes"]) == (3, sum(file.stat().st_size for file in files))
    assert entries["embedding_pool"]["format"] == "lance"
    text = dp.run(untouched_world, "catalog", "list")
    assert text.returncode == 0
    assert [line.split()[0] for line in text.stdout.splitlines()[1:]] == list(entries)


@pytest.mark.parametrize("name", ["feed", "embedding_pool", *VIEWS])
def test_show_lists_the_columns(untouched_world: Path, name: str) -> None:
    entry = catalog(untouched_world, "show", name)
    columns = [column["name"] for column in entry["columns"]]
    if name in VIEWS:
        assert columns == pq.read_schema(untouched_world / f"data/views/{name}/part-0.parquet").names
    else:
        assert "artwork_id" in columns
    text = dp.run(untouched_world, "catalog", "show", name)
    assert (text.returncode, text.stderr) == (0, "")
    assert all(f"\n{column} " in text.stdout for column in columns)


def test_days_counts_rows_that_belong_to_no_day(world: Path) -> None:
    feed = world / "data/feed"
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE base AS FROM '{feed}/month=202605/2026-05-30.parquet'")
        counts = dict(db.execute(f"""
            SELECT event_timestamp::DATE::VARCHAR, count(*) FROM read_parquet('{feed}/*/*.parquet', hive_partitioning = false)
            GROUP BY ALL""").fetchall())  # fmt: skip
        db.execute(f"""COPY (
            SELECT * REPLACE (NULL AS event_timestamp) FROM (FROM base LIMIT 2) UNION ALL
            SELECT * REPLACE (TIMESTAMP '2026-06-01' AS event_timestamp) FROM (FROM base LIMIT 3) UNION ALL
            SELECT * REPLACE (TIMESTAMP '2026-05-31 23:59:59.999999' AS event_timestamp) FROM (FROM base LIMIT 1)
            ) TO '{feed}/month=202605/more.parquet'""")
    counts["2026-05-31"] += 1
    may, june = catalog(world, "days")
    assert (may["partition"], may["files"], may["misplaced_rows"], may["null_time_rows"]) == ("2026-05", 3, 3, 2)
    assert (june["partition"], june["files"], june["misplaced_rows"], june["null_time_rows"]) == ("2026-06", 1, 0, 0)
    assert {entry["day"]: entry["rows"] for partition in (may, june) for entry in partition["days"]} == counts

    text = dp.run(world, "catalog", "days")
    assert text.returncode == 0
    assert ["2026-05-31", str(counts["2026-05-31"])] in [line.split()[1:3] for line in text.stdout.splitlines()]


def test_days_prints_the_rest_when_a_partition_is_unreadable(world: Path) -> None:
    (world / "data/feed/month=202606/2026-06-01.parquet").write_bytes(b"no Parquet")
    done = dp.run(world, "catalog", "days", "--json")
    assert done.returncode == 4
    assert "2026-06-01.parquet" in done.stderr
    assert [entry["day"] for entry in json.loads(done.stdout)[0]["days"]] == ["2026-05-30", "2026-05-31"]
