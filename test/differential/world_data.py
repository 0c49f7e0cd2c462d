"""The data of a random world: ids, events dense in ties and window edges, views with several versions, and files."""

from __future__ import annotations

import csv
import json
import math
import random
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sources import connection, quoted
from values import DAY_US, EPOCH, UNIT_US, day_of, day_start_us, duration_us

TEXT_IDS = ["u1", "U1", "u10", "u2", "é", "e\u0301", "😀", "\uffff", "𐀀", "o'brien", 'dq"x', "a", "a\x1fb", "new\nline",
            " ", "", "~", "ß", "10", "9", "-1", "null", "a,b", "back\\slash"]
SAFE_IDS = ["u1", "U1", "u10", "u2", "é", "e\u0301", "😀", "o'brien", "c,d", 'dq"x', "zz", "w-1", "w-2", "Zürich", "k9", "k10"]
INT_IDS = [0, 1, 2, 9, 10, 11, 100, -1, -10, 7, 12345, 999, 2_000_000_000, -2_000_000_000, 42, 43, 44]
BIG_IDS = [2**53 + 1, 2**53, 9_223_372_036_854_775_807]
EVENTS = ["reco_artwork_view", "reco_artwork_view2", "like", "click", "dislike_click"]
COUNTRIES = ["US", "us", "usa", "USA", "840", "008", "8", "de", "Deu", "276", "NA", "no", "XX", "ZZZ", "999", "0", "", "uk",
             "GB", "xk", "ÅX", "AX", "u s", None]
COUNTRY_NUMBERS = [840, 276, 8, 0, 999, -840, 826, None]
SQL_TYPES = {pa.string(): "VARCHAR", pa.int16(): "SMALLINT", pa.int32(): "INTEGER", pa.int64(): "BIGINT",
             pa.float32(): "FLOAT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN",
             pa.list_(pa.string()): "VARCHAR[]", pa.list_(pa.int64()): "BIGINT[]", pa.list_(pa.int32()): "INTEGER[]"}
TIME_TYPES = [pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.timestamp("ns"), pa.timestamp("ns", "UTC")]
Row = dict[str, Any]


def make_ids(rng: random.Random, kind: pa.DataType, count: int, safe: bool) -> list[Any]:
    if pa.types.is_integer(kind):
        return rng.sample(INT_IDS + (BIG_IDS if kind == pa.int64() else []), count)
    return rng.sample(SAFE_IDS if safe else TEXT_IDS, count)


def event_times(rng: random.Random, days: list[date], windows: list[int]) -> list[int]:
    """Instants that sit on the edges: of the days, and of the windows that end at other instants."""
    anchors = []
    for day in days:
        start = day_start_us(day)
        anchors += [start, start + DAY_US - 1]
        anchors += [start + rng.randrange(DAY_US) for _ in range(rng.randint(1, 3))]
        anchors.append(start + rng.randrange(24) * UNIT_US["h"])
    times = list(anchors)
    for anchor in rng.sample(anchors, min(len(anchors), 5)):
        for window in rng.sample(windows, min(len(windows), 3)):
            times += [anchor - window, anchor - window + rng.choice([-1, 1])]
        times.append(anchor + rng.choice([-1, 1, 60_000_000]))
    first = day_start_us(days[0])
    times += [first - 1, first - 7 * DAY_US, first - rng.randrange(1, 60 * DAY_US)]
    return times


def hot_times(rng: random.Random, times: list[int]) -> list[int]:
    """The few instants at which a third of all events happen."""
    return rng.sample(times, min(4, len(times)))


def make_events(rng: random.Random, world: Any, count: int) -> list[Row]:
    """Feed rows under our names: many ties, exact duplicates, and NULLs wherever they may be."""
    null_rate = rng.choice([0, 0.03, 0.1])
    sessions = world.session_values
    rows: list[Row] = []
    while len(rows) < count:
        if rows and rng.random() < 0.2:
            row = dict(rng.choice(rows))  # an exact duplicate, or one that differs in a single column
            if rng.random() < 0.6:
                column = rng.choice([c for c in row if c != "event_timestamp"])
                row[column] = event_value(rng, world, column, sessions)
        else:
            row = {c: event_value(rng, world, c, sessions) for c in world.feed_types}
            row["event_timestamp"] = rng.choice(world.hot if rng.random() < 0.35 else world.time_pool)
        for column in ("user_id", "artwork_id", "event", "event_timestamp"):
            if rng.random() < null_rate / 2:
                row[column] = None
        rows.append(row)
    return rows


def event_value(rng: random.Random, world: Any, column: str, sessions: list[Any]) -> Any:
    kind = world.feed_types[column]
    if column == "user_id":
        return rng.choice(world.users)
    if column == "artwork_id":
        return rng.choice(world.artworks)
    if column == "event":
        return rng.choice(world.events)
    if column == "feed_session":
        return rng.choice(sessions)
    if column == "country_code":
        return rng.choice(COUNTRIES if kind == pa.string() else COUNTRY_NUMBERS)
    if column == "platform_code":
        return rng.choice(["ios", "android", "web", "IOS", "tv", "2", None] if kind == pa.string() else [1, 2, 3, 9, 0, None])
    return scalar(rng, kind)


def scalar(rng: random.Random, kind: pa.DataType) -> Any:
    """A value from a small set, so that equal ones meet; NULL now and then."""
    if rng.random() < 0.2:
        return None
    if pa.types.is_list(kind):
        return [scalar(rng, kind.value_type) for _ in range(rng.choice([0, 1, 2, 3, 4]))]
    if pa.types.is_floating(kind):
        return rng.choice([0.5, 1.5, -2.25, 0.0, float("nan"), float("inf")])
    if pa.types.is_integer(kind):
        return rng.choice([0, 1, 2, 3, 10, -5])
    if kind == pa.bool_():
        return rng.random() < 0.5
    return rng.choice(["A", "B", "b", "é", "r1", "r10", "r2"])


def feature_value(rng: random.Random, world: Any, feature: str, kind: pa.DataType) -> Any:
    if feature == "author_id":
        return rng.choice([*world.users, None])
    if feature == "followed_user_ids":
        return rng.choice([None, [], [rng.choice(world.users), None], rng.sample(world.users, 2)])
    if feature == "artwork_type":
        return rng.choice(["ANIMATED_ARTWORK", "ARTWORK", "COMIC", None])
    if feature == "model_type":
        return rng.choice(["SD_V1_MODEL", "SD_V1_MODEL", "FLUX", "DEFAULT_I2V_MODEL", None])
    if feature in ("artwork_created_at", "user_created_at"):
        return created_at(rng, world)
    return scalar(rng, kind)


def created_at(rng: random.Random, world: Any) -> int | None:
    """Around the events: just before, at and after them, whole days apart, the edge of 30 days; now and then 1969."""
    if rng.random() < 0.12:
        return None
    if rng.random() < 0.03:
        return -1
    base = rng.choice(world.hot if rng.random() < 0.6 else world.time_pool)
    joined = [duration_us(join["window"]) for join in world.aggregations["windowed_joins"]]
    edges = [-window + late for window in joined for late in (0, -1, 1)]
    shifts = [0, 1, -1, -2, DAY_US, -DAY_US, -rng.randrange(40 * DAY_US), *edges, *edges]
    return base + rng.choice(shifts)


def make_view(rng: random.Random, world: Any, entities: list[Any], view: dict, types: dict[str, pa.DataType]) -> list[Row]:
    """Several versions of most entities, with NULL and tied timestamps; some entities are missing."""
    rows = []
    stamps = [rng.choice(world.time_pool) + rng.choice([0, 0, 1, -DAY_US]) for _ in range(3)]
    for entity in entities:
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3, 4])):
            row = {view["entity"]: entity, view["timestamp_field"]: rng.choice([*stamps, None])}
            row |= {f: feature_value(rng, world, f, types[f]) for f in view["features"]}
            rows.append(row)
            if rng.random() < 0.15:
                rows.append(dict(row))
    if rng.random() < 0.3:
        rows.append({view["entity"]: None, view["timestamp_field"]: stamps[0]} | {f: None for f in view["features"]})
    rng.shuffle(rows)
    return rows


# --------------------------------------------------------------------------------------------------------- files


def write_rows(rng: random.Random, fmt: str, path: Path, rows: list[Row], types: dict[str, pa.DataType]) -> None:
    """Rows as one file; columns in any order; the timestamp types are the file's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = list(types)
    rng.shuffle(names)
    if fmt == "csv":
        write_csv(rng, path, rows, names, types)
    elif fmt == "json":
        write_json(rng, path, rows, names, types)
    else:
        table = pa.table({name: arrow_column(rng, [r[name] for r in rows], types[name]) for name in names})
        if fmt == "lance":
            con = connection()
            con.register("rows_to_write", table)
            con.execute(f"COPY (SELECT * FROM rows_to_write) TO {quoted(str(path))} (FORMAT lance)")
            con.unregister("rows_to_write")
        else:
            size = rng.choice([1, 5, 1000])
            codec = rng.choice(["zstd", "snappy", "none"])
            pq.write_table(table, path, row_group_size=size, compression=codec, use_dictionary=rng.random() < 0.7)


def arrow_column(rng: random.Random, values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(kind):
        if kind.unit == "ns":  # the digits below a microsecond are lost by rounding down
            # But DuckDB's reader rounds zoned ones before 1970 up, which nobody behind it can see: a limit (README).
            below = lambda v: 0 if kind.tz and v < 0 else rng.choice([0, 1, 500, 999])  # noqa: E731
            values = [None if v is None else v * 1000 + below(v) for v in values]
        elif kind.unit == "ms":
            values = [None if v is None else v // 1000 for v in values]
    return pa.array(values, kind)


def time_text(time_us: int, zone: str) -> str:
    """ISO 8601: in UTC without a zone, or in a zone."""
    offset = {"": 0, "Z": 0, "+02:00": 120, "-05:30": -330}[zone]
    moment = EPOCH + timedelta(microseconds=time_us) + timedelta(minutes=offset)
    text = moment.replace(tzinfo=None).isoformat(sep="T", timespec="microseconds")
    return text + zone


def write_csv(rng: random.Random, path: Path, rows: list[Row], names: list[str], types: dict[str, pa.DataType]) -> None:
    zone = rng.choice(["", "", "Z", "+02:00", "-05:30"])

    def text(value: Any, kind: pa.DataType) -> str:
        if value is None:
            return ""
        if pa.types.is_timestamp(kind):
            return time_text(value, zone)
        return str(value).lower() if isinstance(value, bool) else str(value)

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow([text(row[name], types[name]) for name in names])


def write_json(rng: random.Random, path: Path, rows: list[Row], names: list[str], types: dict[str, pa.DataType]) -> None:
    zone = rng.choice(["", "", "Z", "+02:00"])
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            # The first line names every column; in the others a NULL may be left out.
            line = {n: row[n] for n in names if row[n] is not None or number == 0 or rng.random() < 0.5}
            for name, value in line.items():
                if pa.types.is_timestamp(types[name]) and value is not None:
                    line[name] = time_text(value, zone)
                elif isinstance(value, float) and not math.isfinite(value):
                    line[name] = None  # JSON has no such number
            file.write(json.dumps(line, ensure_ascii=rng.random() < 0.5) + "\n")


def source_types(fmt: str, types: dict[str, pa.DataType]) -> dict[str, str]:
    """`source.types` for csv and json: every column but the times, so that a column of NULLs has its type."""
    return {n: SQL_TYPES[t] for n, t in types.items() if not pa.types.is_timestamp(t)} if fmt in ("csv", "json") else {}


def detectable(parts: list[list[Row]], types: dict[str, pa.DataType]) -> set[str]:
    """The columns whose type DuckDB finds by itself in every file: text that is no number, and whole numbers
    (only from 0, since JSON of both signs becomes HUGEINT)."""

    def plain(value: Any) -> bool:
        return 0 <= value < 2**40 if isinstance(value, int) else value[:1].isalpha()

    found = set()
    for name in (n for n, t in types.items() if t in (pa.string(), pa.int64())):
        values = [[row[name] for row in part if row[name] is not None] for part in parts]
        if all(part and all(map(plain, part)) for part in values):
            found.add(name)
    return found


def partition_file(template: str, time_us: int) -> str:
    """The path template for one instant, its `*` left in."""
    day = day_of(time_us)
    for token, form in {"{YYYYMM}": "%Y%m", "{YYYY}": "%Y", "{MM}": "%m", "{DD}": "%d"}.items():
        template = template.replace(token, datetime(day.year, day.month, day.day, tzinfo=timezone.utc).strftime(form))
    return template
