"""Random tables of events and rows, dense in what engines may differ on: ties, window edges, NULLs, equal values."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

import pyarrow as pa
from hypothesis import strategies as st

START = datetime.datetime(1969, 12, 31, 23, 59, 50)  # some before 1970
EVENTS = ["like", "view", "clîck"]
TEXTS = [None, "", "a", "b", "ä", "日本", "a text that is too long to be held in place"]
FLOATS = [None, 0.0, -0.0, 1.5, float("nan"), float("inf"), -1.5]

# Values of a column by its type.
VALUES: dict[pa.DataType, list[Any]] = {
    pa.string(): TEXTS,
    pa.large_string(): TEXTS,
    pa.dictionary(pa.int8(), pa.string()): TEXTS,
    pa.int8(): [None, 0, 1, -1, 127],
    pa.int64(): [None, 0, 1, -1, 2**63 - 1],
    pa.uint64(): [None, 0, 1, 2**64 - 1],
    pa.float32(): FLOATS,
    pa.float64(): FLOATS,
    pa.bool_(): [None, True, False],
    pa.date32(): [None, datetime.date(2026, 5, 15), datetime.date(1969, 12, 31)],
    pa.timestamp("ms"): [None, datetime.datetime(2026, 5, 15), datetime.datetime(1969, 12, 31)],
    pa.binary(): [None, b"", b"\x00\xff"],
    pa.list_(pa.string()): [None, [], ["a"], ["b", None, "a"], ["a", "a", "ä"], [None]],
    pa.list_(pa.int32()): [None, [], [1], [2, None, 1], [1, 1, 3]],
    pa.list_(pa.float64()): [None, [], [float("nan"), 1.0], [float("nan"), None], [0.0, -0.0]],
    pa.struct({"x": pa.int32(), "y": pa.string()}): [None, {"x": 1, "y": "a"}, {"x": 1, "y": None}, {"x": 2, "y": "a"}],
}
WIDER = {pa.int8(): [pa.int8(), pa.int64()], pa.int64(): [pa.int64(), pa.int16()]}


class Case(NamedTuple):
    events: pa.Table
    rows: pa.Table | None
    specs: list[dict[str, Any]]


def times(seconds: list[int], unit: str) -> pa.Array:
    return pa.array([START + datetime.timedelta(seconds=each) for each in seconds], pa.timestamp("us")).cast(pa.timestamp(unit))


@st.composite
def spec_of(draw: st.DrawFn, value: pa.DataType, number: int) -> dict[str, Any]:
    spec: dict[str, Any] = {"name": f"spec{number}", "events": draw(st.lists(st.sampled_from(EVENTS), min_size=1, max_size=3, unique=True))}
    seconds = draw(st.lists(st.integers(1, 25), min_size=1, max_size=3, unique=True))
    spec["windows"] = draw(st.sampled_from([[f"{each}s" for each in seconds]] * 3 + ["cumulative"]))
    if draw(st.sampled_from([True, *[False] * 5])):
        return spec | {"agg": "count"}
    spec["column"] = draw(st.sampled_from(["value"] * 4 + ["artwork_id"]))
    spec |= {flag: draw(st.booleans()) for flag in ("exclude_self", "distinct")}
    if spec["column"] == "value" and pa.types.is_list(value):
        spec["flatten_distinct"] = draw(st.booleans())
    return spec | {"max_length": draw(st.sampled_from([None, 1, 2, 5])), "order": draw(st.sampled_from(["newest_first", "oldest_first"]))}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    value = draw(st.sampled_from(list(VALUES)))
    users, user = draw(st.sampled_from([(["u", "v", "ü"], pa.string()), ([1, 2, -3], pa.int16())]))
    artworks, artwork = draw(st.sampled_from([(["x", "y", "z", "ñ"], pa.string()), ([10, 9, -8], pa.int32())]))
    unit = draw(st.sampled_from(["s", "us", "ns"]))

    def table(size: int, users: list[Any], value_type: pa.DataType, values: list[Any]) -> pa.Table:
        def column(among: list[Any]) -> list[Any]:
            return draw(st.lists(st.sampled_from(among), min_size=size, max_size=size))

        return pa.table({
            "user_id": pa.array(column(users), user),
            "event_timestamp": times(column(list(range(30))), unit),
            "event": pa.array(column(EVENTS), pa.string()),
            "artwork_id": pa.array(column(artworks), artwork),
            "value": pa.array(column(values), value_type),
        })  # fmt: skip

    events = table(draw(st.integers(0, 40)), users, value, VALUES[value])
    own = draw(st.sampled_from(WIDER.get(value, [value])))
    fitting = [each for each in VALUES[value] if not (own == pa.int16() and each is not None and each > 2**15)]
    rows = table(draw(st.integers(0, 25)), [*users, None], own, fitting) if draw(st.booleans()) else None
    return Case(events, rows, [draw(spec_of(value, number)) for number in range(3)])
