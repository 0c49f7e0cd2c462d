"""Types of CSV and JSON come from all rows of all files and alter no value: the further faces of that kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import daeda_process as dp
from reported_world import KEYS, ROOT, build, csv_lines, events, json_lines, published, refusal, reported, write

EARLY = 20_480  # what detection of other programs looks at


def text_feed(world: Path, fmt: str, values: list[str], feed: dict[str, Any] | None = None, column: str = "extra", **runtime: Any) -> Path:
    """Two files of one column beside the keys, whose values are as written; the last value stands alone in the second."""
    for number, part in enumerate((values[:-1], values[-1:])):
        rows = [(f"u{number}{n}", "a", "2026-04-01 01:00:00", "like", value) for n, value in enumerate(part)]
        path = world / f"data/{number}.{fmt}"
        if fmt == "csv":
            write(path, csv_lines(",".join([*KEYS, column]), *(",".join(row) for row in rows)))
        else:
            usual = ('{"user_id":"%s","artwork_id":"%s","event_timestamp":"%s","event":"%s"' % row[:4] + (f',"{column}":{row[4]}}}' if row[4] else "}")
                     for row in rows)
            write(path, csv_lines(*usual))
    feed = {"source": {"format": fmt, "path": f"data/*.{fmt}"}, "passthrough": [column]} | (feed or {})
    output = [*KEYS, {"name": column, "default": None}]
    return build(world, feed, output_columns=output, **runtime)


def typed(world: Path, name: str) -> tuple[str, list[Any]]:
    """The type of a published column and its values in the order of the rows."""
    values = published(world, name)
    return str(pq.read_schema(world / ROOT / "dt=2026-04-01/part-0-0.parquet").field(name).type), values


@pytest.mark.parametrize("values, kind, expected", [
    (["1", "2", "0100"], "string", ["1", "2", "0100"]),
    (["1", "2", "2.5"], "double", [1.0, 2.0, 2.5]),
    (["1", "12345678901234567890"], "string", ["1", "12345678901234567890"]),
    (["-9223372036854775808", "9223372036854775807"], "int64", [-(2**63), 2**63 - 1]),
    (["1", "9223372036854775808"], "string", ["1", "9223372036854775808"]),
    (["1", "true"], "string", ["1", "true"]),
    (["true", "", "FALSE"], "bool", [True, None, False]),
    (["t", "f"], "string", ["t", "f"]),
    (["+5", "6"], "string", ["+5", "6"]),
    (["1", "nan"], "string", ["1", "nan"]),
    (["12.70", "3"], "double", [12.7, 3.0]),
    (["0.1", "0.12345678901234567890123"], "string", ["0.1", "0.12345678901234567890123"]),
    (["2026-01-02", "25-12-2020"], "string", ["2026-01-02", "25-12-2020"]),
    (["10:00:00", "11:30:00"], "string", ["10:00:00", "11:30:00"]),
    (["2026-01-02", "2026-01-02T03:04:05+02:00"], "timestamp[us]", None),
])  # fmt: skip
def test_types_of_csv(tmp_path: Path, values: list[str], kind: str, expected: list[Any] | None) -> None:
    got, read = typed(text_feed(tmp_path, "csv", values), "extra")
    assert got == kind
    if expected is not None:
        assert read == expected
    else:
        assert [f"{time}" for time in read] == ["2026-01-02 00:00:00", "2026-01-02 01:04:05"]


@pytest.mark.parametrize("values, kind, expected", [
    (["1", "2", '"0100"'], "string", ["1", "2", "0100"]),
    (['"1"', '"2"'], "string", ["1", "2"]),
    (["1", "2.5"], "double", [1.0, 2.5]),
    (["1", "12345678901234567890"], "string", ["1", "12345678901234567890"]),
    (["true", "null", "false"], "bool", [True, None, False]),
    (["true", "1"], "string", ["true", "1"]),
    (["[1, 2]", "[]", "[3]"], "list<element: int64>", [[1, 2], [], [3]]),
    (["[1]", "[2.5]"], "list<element: double>", [[1.0], [2.5]]),
    (["1", '{"b": [1, 2]}'], "string", ["1", '{"b":[1,2]}']),
    (["", "", '"late"'], "string", [None, None, "late"]),
    (['"25-12-2020"', '"26-12-2020"'], "string", ["25-12-2020", "26-12-2020"]),
])  # fmt: skip
def test_types_of_json(tmp_path: Path, values: list[str], kind: str, expected: list[Any]) -> None:
    got, read = typed(text_feed(tmp_path, "json", values), "extra")
    assert got.replace("item:", "element:") == kind
    assert read == expected


@pytest.mark.parametrize("fmt", ["csv", "json"])
def test_user_with_leading_zeros_far_behind_keeps_them(tmp_path: Path, fmt: str) -> None:
    users = ["100"] * EARLY + ["0100"]
    lines = [{"user_id": user, "artwork_id": "a", "event_timestamp": "2026-04-01T01:00:00Z", "event": "like"} for user in users]
    if fmt == "csv":
        write(tmp_path / "data/f.csv", csv_lines(",".join(KEYS), *(",".join(line.values()) for line in lines)))
    else:
        for line in lines[:-1]:
            line["user_id"] = int(line["user_id"])
        write(tmp_path / "data/f.json", json_lines(lines))
    build(tmp_path, {"source": {"format": fmt, "path": f"data/f.{fmt}"}})
    read = published(tmp_path, "user_id")
    assert (read[0], read[1], len(read)) == ("0100", "100", EARLY + 1)


@pytest.mark.parametrize("fmt", ["csv", "json"])
def test_late_types_of_view_features(tmp_path: Path, fmt: str) -> None:
    write(tmp_path / "data/feed.parquet", events(artwork_id=["a0", "a1"]))
    rows = [{"artwork_id": f"z{n}", "updated_at": "2026-01-01 00:00:00", "size": 1, "code": 7} for n in range(EARLY)]
    rows += [{"artwork_id": "a0", "updated_at": "2026-01-01 00:00:00", "size": 2.5, "code": 9},
             {"artwork_id": "a1", "updated_at": "2026-01-01 00:00:00", "size": 2, "code": "09"}]
    if fmt == "csv":
        write(tmp_path / "data/art.csv", csv_lines(",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)))
    else:
        write(tmp_path / "data/art.json", json_lines(rows))
    view = {"source": {"format": fmt, "path": f"data/art.{fmt}"}, "entity": "artwork_id", "timestamp_field": "updated_at",
            "features": ["size", "code"]}
    build(tmp_path, {"source": {"path": "data/feed.parquet", "format": "parquet"}}, {"art": view}, feature_refs=["art"],
          output_columns=[*KEYS, "size", "code"])
    assert published(tmp_path, "size") == [2.5, 2.0]
    assert [row["code"] for row in dp.rows(tmp_path / ROOT, "2026-04-01")] == ["9", "09"]


@pytest.mark.parametrize("fmt", ["csv", "json"])
def test_newest_version_by_a_late_time_among_dates(tmp_path: Path, fmt: str) -> None:
    """timestamp_field: dates alone, and one time of the last day that is newer than its date."""
    write(tmp_path / "data/feed.parquet", events(artwork_id=["a0"]))
    rows = [{"artwork_id": f"z{n}", "updated_at": "2026-01-01", "v": "z"} for n in range(EARLY)]
    rows += [{"artwork_id": "a0", "updated_at": "2026-01-02T00:00:01", "v": "new"}, {"artwork_id": "a0", "updated_at": "2026-01-02", "v": "old"}]
    if fmt == "csv":
        write(tmp_path / "data/art.csv", csv_lines(",".join(rows[0]), *(",".join(row.values()) for row in rows)))
    else:
        write(tmp_path / "data/art.json", json_lines(rows))
    view = {"source": {"format": fmt, "path": f"data/art.{fmt}"}, "entity": "artwork_id", "timestamp_field": "updated_at", "features": ["v"]}
    build(tmp_path, {"source": {"path": "data/feed.parquet", "format": "parquet"}}, {"art": view}, feature_refs=["art"],
          output_columns=[*KEYS, "v"])
    assert published(tmp_path, "v") == ["new"]


@pytest.mark.parametrize("fmt", ["csv", "json"])
@pytest.mark.parametrize("column", ["user_id", "artwork_id"])
def test_fractional_keys_in_text_are_refused(tmp_path: Path, fmt: str, column: str) -> None:
    line: dict[str, Any] = {"user_id": 1, "artwork_id": 2, "event_timestamp": "2026-04-01 01:00:00", "event": "like"}
    lines = [line, line | {column: 2.5}]
    text = csv_lines(",".join(line), *(",".join(map(str, one.values())) for one in lines)) if fmt == "csv" else json_lines(lines)
    write(tmp_path / f"data/f.{fmt}", text)
    build(tmp_path, {"source": {"format": fmt, "path": f"data/f.{fmt}"}})
    refusal(tmp_path, column, f"f.{fmt}")


def test_session_with_a_fraction_in_text_is_refused(tmp_path: Path) -> None:
    world = text_feed(tmp_path, "csv", ["1", "2.5"], {"session": "sess", "passthrough": []}, column="sess")
    refusal(world, "sess")


def test_key_twice_in_an_object_is_refused(tmp_path: Path) -> None:
    line = '{"user_id":"u1","user_id":"u2","artwork_id":"a","event_timestamp":"2026-04-01 01:00:00","event":"like"}'
    write(tmp_path / "data/f.json", line + "\n")
    build(tmp_path, {"source": {"format": "json", "path": "data/f.json"}})
    refusal(tmp_path, "user_id", "f.json")


def test_sparse_keys_of_a_json_view(tmp_path: Path) -> None:
    write(tmp_path / "data/feed.parquet", events(artwork_id=["a7", "a49"]))
    rows = [{"artwork_id": f"a{n}", "updated_at": "2026-01-01", f"prop_{n}": n} for n in range(50)]
    write(tmp_path / "data/art.json", json_lines(rows))
    view = {"source": {"format": "json", "path": "data/art.json"}, "entity": "artwork_id", "timestamp_field": "updated_at", "features": ["prop_49"]}
    build(tmp_path, {"source": {"path": "data/feed.parquet", "format": "parquet"}}, {"art": view}, feature_refs=["art"],
          output_columns=[*KEYS, "prop_49"])
    assert published(tmp_path, "prop_49") == [None, 49]


def test_null_values_are_whole_fields(tmp_path: Path) -> None:
    source = {"format": "csv", "path": "data/*.csv", "null_values": ["\\N", "NULL"]}
    world = text_feed(tmp_path, "csv", ["1", "\\N", "NULL", "3"], {"source": source})
    assert typed(world, "extra") == ("int64", [1, None, None, 3])


@pytest.mark.parametrize("declared", ["BIGINT", "TINYINT", "DATE"])
def test_declared_type_alters_no_value(tmp_path: Path, declared: str) -> None:
    source = {"format": "csv", "path": "data/*.csv", "types": {"extra": declared}}
    world = text_feed(tmp_path, "csv", ["1", "0100" if declared == "BIGINT" else "300" if declared == "TINYINT" else "x"], {"source": source})
    refusal(world, "extra", "1.csv")


def test_reported_csv_with_a_field_too_many_names_its_line(tmp_path: Path) -> None:
    world = reported(tmp_path, "poor_message_csv_ragged")
    path = world / "data/feed/month=202604/f.csv"
    path.write_text(path.read_text().rsplit("\n", 1)[0] + "\nu7,a1,2026-04-01 01:00:00,like,more\n")
    refusal(world, "f.csv", "102")


@pytest.mark.parametrize("declared", ["bigint", "INT8", "Long"])
def test_declared_types_have_the_names_that_people_write(tmp_path: Path, declared: str) -> None:
    """A key so declared stays an integer, and a time with a zone leaves without one."""
    write(tmp_path / "data/f.csv", csv_lines(",".join([*KEYS, "seen"]), "7,8,2026-04-01T02:00:00+02:00,like,2026-04-01T02:00:00+02:00"))
    types = {"user_id": declared, "event_timestamp": "timestamptz", "seen": "TIMESTAMPTZ"}
    build(tmp_path, {"source": {"format": "csv", "path": "data/f.csv", "types": types}, "passthrough": ["seen"]}, output_columns=[*KEYS, "seen"])
    dp.trained(tmp_path)
    schema = pq.read_schema(tmp_path / ROOT / "dt=2026-04-01/part-0-0.parquet")
    assert [str(schema.field(name).type) for name in ("user_id", "event_timestamp", "seen")] == ["int64", "timestamp[us]", "timestamp[us]"]
    assert [f"{row['seen']}" for row in dp.rows(tmp_path / ROOT, "2026-04-01")] == ["2026-04-01 00:00:00"]
