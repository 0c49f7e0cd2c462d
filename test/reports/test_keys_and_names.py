"""Keys of other types, names that differ in case, and nested fields without values: feed, views, pool and session."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import daeda_process as dp
from reported_world import KEYS, ROOT, TIME, build, csv_lines, events, json_lines, published, refusal, write

UUIDS = ["0b1c2d3e-0000-4000-8000-00000000000a", "0b1c2d3e-0000-4000-8000-00000000000b"]
STAMPS = pa.array([0, 0], TIME)


def uuids(*texts: str) -> pa.Array:
    return pa.ExtensionArray.from_storage(pa.uuid(), pa.array([UUID(text).bytes for text in texts], pa.binary(16)))


def decimals(digits: int, *numbers: int) -> pa.Array:
    return pa.array([Decimal(number) for number in numbers], pa.decimal128(digits, 0))


def lance(path: Path, table: pa.Table) -> None:
    from sources import connection  # of test/differential

    path.parent.mkdir(parents=True, exist_ok=True)
    con = connection()
    con.register("lance_rows", table)
    con.execute(f"COPY (SELECT * FROM lance_rows) TO '{path}' (FORMAT lance)")
    con.unregister("lance_rows")


def whole_world(world: Path, feed_ids: Any, view_ids: Any, pool_ids: Any) -> Path:
    """A feed of two items, a view of both, and a pool of the second alone."""
    write(world / "data/f.parquet", events(artwork_id=feed_ids))
    write(world / "data/art.parquet", pa.table({"artwork_id": view_ids, "updated_at": STAMPS, "v": ["x", "y"]}))
    write(world / "data/pool.parquet", pa.table({"artwork_id": pool_ids, "embedding": [[1.0]]}))
    view = {"source": {"format": "parquet", "path": "data/art.parquet"}, "entity": "artwork_id", "timestamp_field": "updated_at", "features": ["v"]}
    pool = {"source": {"format": "parquet", "path": "data/pool.parquet"}, "key": "artwork_id", "vector": "embedding"}
    return build(world, {"source": {"format": "parquet", "path": "data/f.parquet"}}, {"art": view}, pool, feature_refs=["art"],
                 embedding_coverage_filter={"enabled": True, "events": "all"}, output_columns=[*KEYS, "v"])


@pytest.mark.parametrize("feed, view, pool, right", [
    (uuids(*UUIDS), uuids(*UUIDS), uuids(UUIDS[1]), UUIDS[1]),
    (UUIDS, uuids(*UUIDS), [UUIDS[1]], UUIDS[1]),
    (uuids(*UUIDS), UUIDS, uuids(UUIDS[1]), UUIDS[1]),
    (decimals(18, 7, 8), [7, 8], decimals(9, 8), 8),
    ([7, 8], decimals(18, 7, 8), pa.array([8], pa.int32()), 8),
    (decimals(38, 10**20, 10**20 + 1), decimals(38, 10**20, 10**20 + 1), [f"{10**20 + 1}"], f"{10**20 + 1}"),
    (pa.array([7, 8], pa.int16()), pa.array([7, 8], pa.int64()), pa.array([8], pa.uint8()), 8),
])  # fmt: skip
def test_keys_of_other_types(tmp_path: Path, feed: Any, view: Any, pool: Any, right: Any) -> None:
    world = whole_world(tmp_path, feed, view, pool)
    assert published(world, "artwork_id") == [right]
    assert [row["v"] for row in dp.rows(world / ROOT, "2026-04-01")] == ["y"]


@pytest.mark.parametrize("feed, view, pool, named", [
    (pa.array([7.0, 8.0]), [7, 8], [8], "f.parquet"),
    ([7, 8], pa.array([7.0, 8.0]), [8], "art.parquet"),
    ([7, 8], [7, 8], pa.array([8.0]), "pool.parquet"),
    (pa.array([Decimal("7.5"), Decimal("8.5")]), [7, 8], [8], "f.parquet"),
    (pa.array([b"a", b"b"]), ["a", "b"], ["b"], "f.parquet"),
    (["7", "8"], [7, 8], ["8"], "artwork_id"),
    (decimals(19, 7, 8), [7, 8], [8], "artwork_id"),
])  # fmt: skip
def test_keys_that_can_hold_no_ids_are_refused(tmp_path: Path, feed: Any, view: Any, pool: Any, named: str) -> None:
    refusal(whole_world(tmp_path, feed, view, pool), named, "artwork_id")


def session_feed(world: Path, fmt: str, first: list[Any], second: list[Any]) -> Path:
    """Two files with sessions of their own kind."""
    for number, sessions in enumerate((first, second)):
        path, table = world / f"data/{number}.{fmt}", events(sess=sessions)
        if fmt == "lance":
            lance(path, table)
        elif fmt == "parquet":
            write(path, table)
        else:
            lines = [row | {"event_timestamp": f"{row['event_timestamp']}"} for row in table.to_pylist()]
            text = csv_lines(",".join(lines[0]), *(",".join("" if v is None else f"{v}" for v in line.values()) for line in lines))
            write(path, text if fmt == "csv" else json_lines(lines))
    return build(world, {"source": {"format": fmt, "path": f"data/*.{fmt}"}, "session": "sess"})


@pytest.mark.parametrize("fmt", ["parquet", "lance", "csv", "json"])
def test_floating_sessions_are_refused(tmp_path: Path, fmt: str) -> None:
    big = 1_234_567_890_123_456_789
    refusal(session_feed(tmp_path, fmt, [big, big + 1], [1.5, None]), "sess")


def test_sessions_beyond_floating_point_stay_apart(tmp_path: Path) -> None:
    big = 1_234_567_890_123_456_789
    for fmt in ("parquet", "csv", "json", "lance"):
        world = session_feed(tmp_path / fmt, fmt, [big, big + 1], [big + 2])
        dp.trained(world)
        qids = pq.read_table(world / ROOT / "qid_map.parquet").to_pylist()
        assert {row["feed_session"] for row in qids} == {big, big + 1, big + 2}, fmt


def test_uuid_sessions_are_text(tmp_path: Path) -> None:
    write(tmp_path / "data/f.parquet", events(sess=uuids(*UUIDS)))
    build(tmp_path, {"source": {"format": "parquet", "path": "data/f.parquet"}, "session": "sess"})
    dp.trained(tmp_path)
    assert {row["feed_session"] for row in pq.read_table(tmp_path / ROOT / "qid_map.parquet").to_pylist()} == set(UUIDS)


def clashing(world: Path, fmt: str, names: list[str]) -> Path:
    """A feed of one row whose event stands under the last of `names`."""
    values = ["u1", "a1", "2026-04-01 01:00:00", *(f"e{n}" for n in range(len(names)))]
    columns = [*KEYS[:3], *names]
    if fmt == "csv":
        write(world / "data/f.csv", csv_lines(",".join(columns), ",".join(values)))
    elif fmt == "json":
        write(world / "data/f.json", json_lines([dict(zip(columns, values))]))
    else:
        arrays = [pa.array([value]) for value in values]
        arrays[2] = pa.array([1_775_005_200_000_000], TIME)
        write(world / "data/f.parquet", pa.Table.from_arrays(arrays, names=columns))
    return build(world, {"source": {"format": fmt, "path": f"data/f.{fmt}"}})


@pytest.mark.parametrize("fmt", ["parquet", "csv", "json"])
def test_exact_names_win(tmp_path: Path, fmt: str) -> None:
    assert published(clashing(tmp_path / "1", fmt, ["Event", "EVENT", "event"]), "event") == ["e2"]
    assert published(clashing(tmp_path / "2", fmt, ["event", "Event"]), "event") == ["e0"]
    assert published(clashing(tmp_path / "3", fmt, ["EVENT"]), "event") == ["e0"]


@pytest.mark.parametrize("fmt", ["parquet", "csv", "json"])
def test_names_that_match_equally_well_are_refused(tmp_path: Path, fmt: str) -> None:
    refusal(clashing(tmp_path, fmt, ["Event", "EVENT"]), "Event", "EVENT", f"f.{fmt}")


@pytest.mark.parametrize("fmt", ["parquet", "csv"])
def test_name_twice_is_refused(tmp_path: Path, fmt: str) -> None:
    refusal(clashing(tmp_path, fmt, ["event", "event"]), "event", f"f.{fmt}")


@pytest.mark.parametrize("fmt", ["parquet", "csv", "json"])
def test_clash_of_columns_that_nobody_wants_is_none(tmp_path: Path, fmt: str) -> None:
    assert published(clashing(tmp_path, fmt, ["other", "Other", "event"]), "event") == ["e2"]


def test_empty_nested_fields_hide_nothing_in_views_and_pool(tmp_path: Path) -> None:
    hollow = pa.array([{"v": None, "artwork_id": None, "embedding": None}] * 2, pa.struct(
        [("v", pa.null()), ("artwork_id", pa.null()), ("embedding", pa.null())]))
    world = whole_world(tmp_path, ["a0", "a1"], ["a0", "a1"], ["a1"])
    write(world / "data/art.parquet", pa.table({"meta": hollow, "artwork_id": ["a0", "a1"], "updated_at": STAMPS, "v": ["x", "y"]}))
    write(world / "data/pool.parquet", pa.table({"meta": hollow, "artwork_id": ["a0", "a1"], "embedding": [None, [1.0]]}))
    assert published(world, "v") == ["y"]


@pytest.mark.parametrize("fmt", ["json", "lance"])
def test_empty_nested_fields_of_other_formats(tmp_path: Path, fmt: str) -> None:
    table = events(extra=["x", "y"])
    if fmt == "json":
        lines = [row | {"event_timestamp": f"{row['event_timestamp']}", "meta": {"extra": None}} for row in table.to_pylist()]
        write(tmp_path / "data/f.json", json_lines(lines))
    else:
        lance(tmp_path / "data/f.lance", table.append_column("meta", pa.array([{"extra": None, "n": 1}] * 2)))
    build(tmp_path, {"source": {"format": fmt, "path": f"data/f.{fmt}"}, "passthrough": ["extra"]}, output_columns=[*KEYS, "extra"])
    assert published(tmp_path, "extra") == ["x", "y"]
