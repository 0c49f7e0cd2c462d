"""aggregate_pit_table() on tables whose lists were worked out by hand, by every engine."""

from __future__ import annotations

import datetime
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import daedalus

ENGINES = ["native", "duckdb", "polars"]
DAY = datetime.datetime(2026, 5, 15)


def at(hours: float) -> datetime.datetime:
    return DAY + datetime.timedelta(hours=hours)


# Not in the order of time, and another user's in between. The view of u at 26 h sees [2 h, 26 h).
EVENTS = pa.Table.from_pylist(
    [
        {"user_id": "u", "event_timestamp": at(26), "event": "view", "artwork_id": "b", "tags": ["t"]},
        {"user_id": "u", "event_timestamp": at(2), "event": "like", "artwork_id": "a", "tags": ["s", None, "t"]},
        {"user_id": "v", "event_timestamp": at(3), "event": "like", "artwork_id": "z", "tags": None},
        {"user_id": "u", "event_timestamp": at(5), "event": "like", "artwork_id": "b", "tags": ["r", "s"]},
        {"user_id": "u", "event_timestamp": at(1), "event": "like", "artwork_id": "c", "tags": ["q"]},
        {"user_id": "u", "event_timestamp": at(6), "event": "like", "artwork_id": "a", "tags": []},
        {"user_id": "u", "event_timestamp": at(26), "event": "like", "artwork_id": "d", "tags": ["x"]},
    ],
    pa.schema({"user_id": pa.string(), "event_timestamp": pa.timestamp("us"), "event": pa.string(), "artwork_id": pa.string(), "tags": pa.list_(pa.string())}),
)  # fmt: skip
LIKES = {"name": "likes", "column": "artwork_id", "events": ["like"], "windows": ["1d"]}


def first_row(engine: str, **keys: Any) -> Any:
    """What a spec gives for the view at 26 h."""
    made = daedalus.aggregate_pit_table(EVENTS, LIKES | keys, engine=engine)
    return made.column(made.num_columns - 1)[0].as_py()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, ["a", "b", "a"]),
        ({"windows": ["23h"]}, ["a", "b"]),
        ({"windows": ["86401s"]}, ["a", "b", "a"]),
        ({"windows": ["25h"]}, ["a", "b", "a", "c"]),
        ({"distinct": True}, ["a", "b"]),
        ({"exclude_self": True}, ["a", "a"]),
        ({"max_length": 2}, ["a", "b"]),
        ({"max_length": 2, "order": "oldest_first"}, ["b", "a"]),
        ({"exclude_self": True, "distinct": True, "max_length": 1}, ["a"]),
        ({"windows": "cumulative"}, ["a", "b", "c"]),
        ({"column": "tags", "flatten_distinct": True}, ["r", "s", "t"]),
        ({"column": "tags", "flatten_distinct": True, "exclude_self": True}, ["r", "s"]),
        ({"column": "tags"}, [[], ["r", "s"], ["s", None, "t"]]),
        ({"agg": "count", "column": None}, 3),
        ({"agg": "count", "column": None, "windows": "cumulative"}, 4),
        ({"events": ["like", "view"], "windows": ["1h"]}, []),
    ],
)
def test_lists_and_counts(engine: str, keys: dict[str, Any], expected: Any) -> None:
    assert first_row(engine, **keys) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_keep_their_columns_and_order(engine: str) -> None:
    rows = pa.table({
        "label": [1, 2, 3, 4],
        "user_id": ["v", "u", None, "u"],
        "event_timestamp": pa.array([at(4), at(5.5), at(5.5), at(1)], pa.timestamp("ns", "Asia/Tokyo")),
    })  # fmt: skip
    made = daedalus.aggregate_pit_table(EVENTS, [LIKES, LIKES | {"name": "n", "agg": "count"}], rows, engine)
    assert made.column_names == ["label", "user_id", "event_timestamp", "likes_1d", "n_1d"]
    assert made.select(rows.column_names).equals(rows)
    assert made["likes_1d"].to_pylist() == [["z"], ["b", "a", "c"], [], []]
    assert made["n_1d"].to_pylist() == [1, 3, 0, 0]
    assert made.schema.field("n_1d").type == pa.int64()
    assert made.schema.field("likes_1d").type.value_type == pa.string()


def test_takes_every_kind_of_table() -> None:
    arrow = EVENTS.drop_columns("tags")
    tables = [arrow, pl.from_arrow(arrow), arrow.to_pandas(), duckdb.sql("FROM arrow"), pl.from_arrow(arrow).cast({"event": pl.Categorical})]
    for events in tables:
        made = daedalus.aggregate_pit_table(events, daedalus.AggregationSpec(**LIKES))
        assert made["likes_1d"].to_pylist()[0] == ["a", "b", "a"], type(events)
        assert pl.from_arrow(made).height == len(pd.DataFrame(made.to_pandas())) == 7


def test_the_rows_own_columns_are_not_copied() -> None:
    made = daedalus.aggregate_pit_table(EVENTS, LIKES)
    for name in EVENTS.column_names:
        own, given = (table[name].chunk(0).buffers() for table in (made, EVENTS))
        assert [b and b.address for b in own] == [b and b.address for b in given]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_engine_made_outlives_it(engine: str) -> None:
    sorted_events = EVENTS.sort_by([("user_id", "ascending"), ("event_timestamp", "ascending")])
    made = [daedalus.aggregate_pit_table(sorted_events, LIKES, engine=engine) for _ in range(5)]
    assert len({str(each["likes_1d"].to_pylist()) for each in made}) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_no_events_and_no_rows(engine: str) -> None:
    none = EVENTS.slice(0, 0)
    assert daedalus.aggregate_pit_table(EVENTS, LIKES, none, engine)["likes_1d"].to_pylist() == []
    assert daedalus.aggregate_pit_table(none, LIKES, EVENTS, engine)["likes_1d"].to_pylist() == [[]] * 7


def test_misuse_is_told_with_what_to_do() -> None:
    for wrong, text in [
        (lambda: daedalus.aggregate_pit_table(EVENTS, LIKES, engine="spark"), "no engine 'spark'"),
        (lambda: daedalus.aggregate_pit_table([1], LIKES), "events: a list does not give itself as Arrow"),
        (lambda: daedalus.aggregate_pit_table(EVENTS, []), "no aggregation is given"),
        (lambda: daedalus.aggregate_pit_table(EVENTS, LIKES | {"window": ["1d"]}), "unknown key 'window'"),
        (lambda: daedalus.aggregate_pit_table(EVENTS, LIKES | {"max_length": DAY}), "not JSON serializable"),
        (lambda: daedalus.aggregate_pit_table(EVENTS, LIKES | {"column": "artwork"}), "no column 'artwork'"),
        (lambda: daedalus.aggregate_pit_table(EVENTS, LIKES, duckdb_config={"memroy_limit": "1GB"}), "memroy_limit"),
    ]:
        with pytest.raises(daedalus.ConfigError, match=text) as caught:
            wrong()
        assert caught.value.problems[0].fix
    null = EVENTS.set_column(0, "user_id", pa.nulls(7, pa.string()))
    with pytest.raises(daedalus.DataError, match="7 of 7 events have no user_id"):
        daedalus.aggregate_pit_table(null, LIKES)


def test_a_full_disk_is_the_machine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("daedalus._polars_engine.aggregate", full)
    with pytest.raises(daedalus.MachineError, match="the engine 'polars': .*No space left on device"):
        daedalus.aggregate_pit_table(EVENTS, LIKES, engine="polars")
