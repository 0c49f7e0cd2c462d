"""`times`, zones of sources and ISO 8601: one instant in every form that a source may hold it in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from reported_world import KEYS, TIME, build, csv_lines, events, published, refusal, write

SECONDS = 1_775_004_000  # 2026-04-01 00:40:00 UTC
NOON = datetime(2026, 4, 1, 0, 40)
UNITS = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000, "epoch_ns": 1_000_000_000}


def feed_of(world: Path, fmt: str, value: Any, **feed: Any) -> Path:
    """A feed of one row, whose time is `value`: text as it is written in CSV and JSON, else an Arrow array."""
    if fmt == "parquet":
        write(world / "data/f.parquet", events(event_timestamp=value))
    elif fmt == "csv":
        write(world / "data/f.csv", csv_lines(",".join(KEYS), f'u1,a1,"{value}",like'))
    else:
        write(world / "data/f.json", f'{{"user_id":"u1","artwork_id":"a1","event":"like","event_timestamp":{value}}}\n')
    source = {"format": fmt, "path": f"data/f.{fmt}"} | feed.pop("source", {})
    return build(world, {"source": source} | feed)


def declared(form: str) -> dict[str, Any]:
    return {"times": {"event_timestamp": form}}


@pytest.mark.parametrize("form", UNITS)
@pytest.mark.parametrize("held_as", ["int64", "double", "text", "decimal", "csv", "json", "json text", "csv point"])
def test_epochs(tmp_path: Path, form: str, held_as: str) -> None:
    number = SECONDS * UNITS[form]
    forms: dict[str, tuple[str, Any]] = {
        "int64": ("parquet", pa.array([number])),
        "double": ("parquet", pa.array([float(number)])),
        "text": ("parquet", pa.array([f"{number}"])),
        "decimal": ("parquet", pa.array([Decimal(number)], pa.decimal128(38, 0))),
        "csv": ("csv", number), "json": ("json", number), "json text": ("json", f'"{number}"'), "csv point": ("csv", f"{number}.0"),
    }  # fmt: skip
    fmt, value = forms[held_as]
    feed_of(tmp_path, fmt, value, **declared(form))
    if held_as == "double" and number > 2**53:
        refusal(tmp_path, "f.parquet")
    else:
        assert published(tmp_path, "event_timestamp") == [NOON]


def test_nanoseconds_are_rounded_down(tmp_path: Path) -> None:
    feed_of(tmp_path, "parquet", pa.array([SECONDS * 10**9 + 1_999]), **declared("epoch_ns"))
    assert published(tmp_path, "event_timestamp") == [NOON.replace(microsecond=1)]


@pytest.mark.parametrize("fmt, value", [
    ("csv", "1775004000.5"), ("csv", "+1775004000"), ("csv", "1e9"), ("csv", "soon"), ("json", '"soon"'),
    ("parquet", pa.array([1775004000.5])), ("parquet", pa.array([SECONDS], pa.timestamp("s"))),
])  # fmt: skip
def test_value_that_is_no_epoch_is_refused(tmp_path: Path, fmt: str, value: Any) -> None:
    refusal(feed_of(tmp_path, fmt, value, **declared("epoch_s")), f"f.{fmt}")


@pytest.mark.parametrize("form, text, right", [
    ("%d/%m/%Y %H:%M", "01/04/2026 00:40", NOON),
    ("%d.%m.%Y", "01.04.2026", datetime(2026, 4, 1)),
    ("%Y%m%d%H%M%S", "20260401004000", NOON),
    ("%Y-%m-%d %H:%M %z", "2026-04-01 02:40 +0200", NOON),
    ("iso8601", "2026-04-01T02:40:00.0000009+02:00", NOON),
    ("iso8601", "2026-04-01 00:40", NOON),
    ("iso8601", "2026-04-01T00:40:00 Z", NOON),
])  # fmt: skip
@pytest.mark.parametrize("fmt", ["csv", "json", "parquet"])
def test_declared_text(tmp_path: Path, fmt: str, form: str, text: str, right: datetime) -> None:
    value = pa.array([text]) if fmt == "parquet" else text if fmt == "csv" else f'"{text}"'
    assert published(feed_of(tmp_path, fmt, value, **declared(form)), "event_timestamp") == [right]


@pytest.mark.parametrize("form, text", [("%d/%m/%Y", "04/13/2026"), ("iso8601", "01/04/2026"), ("iso8601", "2026-04-31")])
@pytest.mark.parametrize("fmt", ["csv", "json", "parquet"])
def test_text_that_does_not_fit_its_form_is_refused(tmp_path: Path, fmt: str, form: str, text: str) -> None:
    value = pa.array([text]) if fmt == "parquet" else text if fmt == "csv" else f'"{text}"'
    refusal(feed_of(tmp_path, fmt, value, **declared(form)), f"f.{fmt}", text)


@pytest.mark.parametrize("fmt, value", [
    ("csv", "2026-04-01 00:40:00"), ("json", '"2026-04-01T00:40:00"'), ("parquet", pa.array([NOON], TIME)),
])  # fmt: skip
def test_naive_times_are_of_the_zone_of_their_source(tmp_path: Path, fmt: str, value: Any) -> None:
    """00:40 in New York (UTC-4 in April) is 04:40 UTC."""
    feed_of(tmp_path, fmt, value, source={"time_zone": "America/New_York"})
    assert published(tmp_path, "event_timestamp") == [datetime(2026, 4, 1, 4, 40)]


@pytest.mark.parametrize("fmt, value", [
    ("csv", "2026-04-01 00:40:00Z"), ("json", '"2026-04-01T02:40:00+02:00"'), ("parquet", pa.array([NOON], pa.timestamp("us", "UTC"))),
])  # fmt: skip
def test_zoned_times_do_not_move(tmp_path: Path, fmt: str, value: Any) -> None:
    feed_of(tmp_path, fmt, value, source={"time_zone": "America/New_York"})
    assert published(tmp_path, "event_timestamp") == [NOON]


@pytest.mark.parametrize("zone", ["", "Z", " UTC", "+00", "+00:00", "-0000"])
def test_zones_of_iso_text(tmp_path: Path, zone: str) -> None:
    assert published(feed_of(tmp_path, "csv", f"2026-04-01T00:40{zone}"), "event_timestamp") == [NOON]


@pytest.mark.parametrize("text", ["2026-4-1 00:40", "2026-04-01 24:40", "2026-04-01T00:40:00 CET", "20260401T0040"])
def test_what_is_no_iso_text_is_refused(tmp_path: Path, text: str) -> None:
    refusal(feed_of(tmp_path, "csv", text), "f.csv", text)


def test_declared_times_of_a_view(tmp_path: Path) -> None:
    """Text sorts 9 April after 10 April; as times the version of the tenth is the newest."""
    write(tmp_path / "data/f.parquet", events(artwork_id=["a0"]))
    write(tmp_path / "data/art.csv", csv_lines("artwork_id,changed,v", "a0,9/4/2026,old", "a0,10/4/2026,new"))
    view = {"source": {"format": "csv", "path": "data/art.csv"}, "entity": "artwork_id", "timestamp_field": "changed",
            "features": ["v"], "times": {"changed": "%d/%m/%Y"}}
    build(tmp_path, {"source": {"format": "parquet", "path": "data/f.parquet"}}, {"art": view}, feature_refs=["art"],
          output_columns=[*KEYS, "v"])
    assert published(tmp_path, "v") == ["new"]
