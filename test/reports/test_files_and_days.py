"""Partitions and files as others write them: hidden names, single digits, columns in paths, hours and days of a zone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import daeda_process as dp
from reported_world import KEYS, ROOT, TIME, build, column, events, published, write

HIDDEN = ["_x.parquet", ".x.parquet", "_temporary/x.parquet", ".hive-staging_1/x.parquet", "_temporary/0/deep/x.parquet"]
STAMPS = pa.array([0], TIME)


def at(*moments: datetime, **columns: Any) -> pa.Table:
    return events(event_timestamp=pa.array(list(moments), TIME), **columns)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("wildcards", ["*.parquet", "**/*.parquet"])
def test_hidden_names_are_left_alone(tmp_path: Path, hidden: str, wildcards: str) -> None:
    """In the feed, in a view (where the hidden row would be the newest) and in the pool (where it would cover a1)."""
    for folder in ("feed", "art", "pool"):
        for place, number in (("x.parquet", 0), (hidden, 1)):
            table = {
                "feed": events(artwork_id=["a0", "a1"], user_id=[f"u{number}"] * 2),
                "art": pa.table({"artwork_id": ["a0"], "updated_at": pa.array([number], TIME), "v": [number]}),
                "pool": pa.table({"artwork_id": [f"a{number}"], "embedding": [[1.0]]}),
            }[folder]
            write(tmp_path / "data" / folder / place, table)
    view = {"source": {"format": "parquet", "path": f"data/art/{wildcards}"}, "entity": "artwork_id", "timestamp_field": "updated_at", "features": ["v"]}
    pool = {"source": {"format": "parquet", "path": f"data/pool/{wildcards}"}, "key": "artwork_id", "vector": "embedding"}
    build(tmp_path, {"source": {"format": "parquet", "path": f"data/feed/{wildcards}"}}, {"art": view}, pool, feature_refs=["art"],
          embedding_coverage_filter={"enabled": True, "events": "all"}, output_columns=[*KEYS, "v"])
    dp.trained(tmp_path)
    assert [(row["user_id"], row["artwork_id"], row["v"]) for row in dp.rows(tmp_path / ROOT, "2026-04-01")] == [("u0", "a0", 0)]


def test_hidden_name_that_is_spelled_out_is_read(tmp_path: Path) -> None:
    write(tmp_path / "_data/feed/_x.parquet", events(artwork_id=["a0"]))
    build(tmp_path, {"source": {"format": "parquet", "path": "_data/feed/_*.parquet"}})
    assert published(tmp_path, "artwork_id") == ["a0"]


@pytest.mark.parametrize("folder, template", [
    ("year=2026/month=4/day=1", "year={YYYY}/month={MM}/day={DD}"), ("year=2026/month=04/day=1", "year={YYYY}/month={MM}/day={DD}"),
    ("2026/4", "{YYYY}/{MM}"), ("2026-4-1", "{YYYY}-{MM}-{DD}"), ("dt=20260401", "dt={YYYY}{MM}{DD}"),
])  # fmt: skip
def test_fields_of_one_digit(tmp_path: Path, folder: str, template: str) -> None:
    write(tmp_path / "data" / folder / "f.parquet", events(artwork_id=["a0"]))
    build(tmp_path, {"source": {"format": "parquet", "path": f"data/{template}/*.parquet"}})
    assert published(tmp_path, "artwork_id") == ["a0"]


def test_both_spellings_of_a_day_are_read(tmp_path: Path) -> None:
    for folder, artwork in (("d=7", "a"), ("d=07", "b")):
        write(tmp_path / "data/202604" / folder / "f.parquet", at(datetime(2026, 4, 7), artwork_id=[artwork]))
    build(tmp_path, {"source": {"format": "parquet", "path": "data/{YYYYMM}/d={DD}/*.parquet"}})
    assert sorted(published(tmp_path, "artwork_id", "2026-04-07")) == ["a", "b"]


def test_hours_are_partitions(tmp_path: Path) -> None:
    """A row of another hour than its folder's belongs to no day."""
    for folder, hour in (("0", 0), ("09", 9), ("13", 14)):
        write(tmp_path / f"data/2026/04/1/{folder}/f.parquet", at(datetime(2026, 4, 1, hour), artwork_id=[f"a{hour}"], user_id=[f"u{hour:02}"]))
    build(tmp_path, {"source": {"format": "parquet", "path": "data/{YYYY}/{MM}/{DD}/{HH}/*.parquet"}})
    assert published(tmp_path, "artwork_id") == ["a0", "a9"]


DAYS_OF_ZONES = [
    # Berlin's clocks go from 02:00 to 03:00 on 29 March (a day of 23 hours), and back on 25 October (25 hours).
    ("Europe/Berlin", datetime(2026, 3, 28, 22, 59, 59), "2026-03-28"), ("Europe/Berlin", datetime(2026, 3, 28, 23), "2026-03-29"),
    ("Europe/Berlin", datetime(2026, 3, 29, 21, 59, 59), "2026-03-29"), ("Europe/Berlin", datetime(2026, 3, 29, 22), "2026-03-30"),
    ("Europe/Berlin", datetime(2026, 10, 24, 22), "2026-10-25"), ("Europe/Berlin", datetime(2026, 10, 25, 22, 59, 59), "2026-10-25"),
    ("Europe/Berlin", datetime(2026, 10, 25, 23), "2026-10-26"),
    # Santiago's clocks skip the first hour of 6 September: the day begins at 01:00 local, 04:00 UTC.
    ("America/Santiago", datetime(2026, 9, 6, 3, 59, 59), "2026-09-05"), ("America/Santiago", datetime(2026, 9, 6, 4), "2026-09-06"),
    # Samoa skipped 30 December 2011: 29 December ends at 10:00 UTC of the 30th, and the 31st follows.
    ("Pacific/Apia", datetime(2011, 12, 30, 9, 59, 59), "2011-12-29"), ("Pacific/Apia", datetime(2011, 12, 30, 10), "2011-12-31"),
]  # fmt: skip


@pytest.mark.parametrize("zone, moment, day", DAYS_OF_ZONES)
@pytest.mark.parametrize("partitioned", [False, True])
def test_days_of_a_zone(tmp_path: Path, zone: str, moment: datetime, day: str, partitioned: bool) -> None:
    write(tmp_path / f"data/{day}/f.parquet", at(moment, artwork_id=["a0"]))
    template = "{YYYY}-{MM}-{DD}" if partitioned else "*"
    months = {"feed_start": f"{moment:%Y}01", "feed_end": f"{moment:%Y}12"}
    build(tmp_path, {"source": {"format": "parquet", "path": f"data/{template}/*.parquet"}, "day_zone": zone}, **months)
    dp.trained(tmp_path)
    assert dp.published_days(tmp_path / ROOT) == [day]
    assert column(tmp_path, "event_timestamp", day) == [moment]


def test_latest_end_of_the_feed(tmp_path: Path) -> None:
    for month in (4, 6):
        write(tmp_path / f"data/2026{month:02}/f.parquet", at(datetime(2026, month, 3), artwork_id=["a0"]))
    build(tmp_path, {"source": {"format": "parquet", "path": "data/{YYYYMM}/*.parquet"}}, feed_end="latest")
    dp.trained(tmp_path)
    assert dp.published_days(tmp_path / ROOT) == ["2026-04-03", "2026-06-03"]
