"""Cases computed by hand that pin the oracle itself."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xxhash
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))

import oracle
from compare import part_sizes
from sources import feed_partitions
from values import DAY_US, day_start_us, encode_country, encoder, order_key, parse_timestamp, tie
from world import World

DAY = date(2026, 3, 10)
NOON = day_start_us(DAY) + DAY_US // 2
HOUR = 3_600_000_000
TIME = pa.timestamp("us")
EVENT_SCHEMA = pa.schema([("user_id", pa.string()), ("artwork_id", pa.string()), ("event", pa.string()),
                          ("event_timestamp", TIME), ("feed_session", pa.string())])
ART_SCHEMA = pa.schema([("artwork_id", pa.string()), ("updated_at", TIME), ("author_id", pa.string()),
                        ("tack_ids", pa.list_(pa.string())), ("kind", pa.string()), ("created_at", TIME)])
Event = tuple  # user, artwork, event, time, session


def run(tmp_path: Path, events: list[Event], art: list[tuple] = (), specs: list[dict] = (), joins: list[dict] = (),
        output: list[Any] = ("artwork_id",), pool: list[str] | None = None, **runtime: Any) -> oracle.Outcome:
    """A world of these rows; `art` is (artwork_id, updated_at, author_id, tack_ids, kind, created_at)."""
    def table(rows: list[tuple], schema: pa.Schema) -> pa.Table:
        columns = list(zip(*rows)) or [[] for _ in schema]
        return pa.table([pa.array(list(c), f.type) for c, f in zip(columns, schema)], schema=schema)

    pq.write_table(table(events, EVENT_SCHEMA), tmp_path / "feed.parquet")
    pq.write_table(table(list(art), ART_SCHEMA), tmp_path / "art.parquet")
    pq.write_table(pa.table({"artwork_id": pool or [], "embedding": [[1.0]] * len(pool or [])}), tmp_path / "pool.parquet")
    files = {
        "catalog/feed.yaml": {"source": {"format": "parquet", "path": str(tmp_path / "feed.parquet")}, "columns": {},
                              "passthrough": [], "session": "feed_session", "encodings": {}},
        "catalog/embedding_pool.yaml": {"source": {"format": "parquet", "path": str(tmp_path / "pool.parquet")},
                                        "key": "artwork_id", "vector": "embedding"},
        "catalog/views/art.yaml": {"source": {"format": "parquet", "path": str(tmp_path / "art.parquet")},
                                   "entity": "artwork_id", "timestamp_field": "updated_at",
                                   "features": ["author_id", "tack_ids", "kind", "created_at"]},
        "training/aggregations.yaml": {"aggregation_specs": list(specs), "windowed_joins": list(joins)},
        "training/runtime.yaml": {
            "feed_start": 202603, "feed_end": 202603, "entity_spine_chunk_rows": 9, "output_root": str(tmp_path / "out"),
            "max_invalid_fraction": 1.0, "feature_refs": ["art"], "age_columns": {}, "curation": [], "content_filter": [],
            "embedding_coverage_filter": {"enabled": pool is not None, "events": ["view"]},
            "session_filter": {"drop_view_only": False, "drop_single_like": False, "view_events": ["view"], "like_events": ["like"]},
            "output_columns": list(output)} | runtime,
    }
    for name, content in files.items():
        path = tmp_path / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return oracle.run(tmp_path / "config")


def column(outcome: oracle.Outcome, name: str, day: date = DAY) -> list[Any]:
    result = outcome.days[day]
    index = [n for n, _ in result.columns].index(name)
    return [row[index] for row in result.rows]


def likes(*when: tuple[str, int]) -> list[Event]:
    return [("u", artwork, "like", time, None) for artwork, time in when]


VIEW = ("u", "me", "view", NOON, None)
LIKED = {"name": "l", "column": "artwork_id", "events": ["like"]}


def last(outcome: oracle.Outcome, name: str) -> Any:
    return column(outcome, name)[-1]


def test_tie_is_xxh3_of_artwork_0x1f_event() -> None:
    assert xxhash.xxh3_64_intdigest(b"") == 0x2D06800538D394C2  # the algorithm's published test value
    # These two are what XXH3_64bits of the reference C implementation gives.
    assert tie("a", "like") == 0xE53ED5934D628CC4
    assert tie(-10, "dislike_click") == 0x0168A31A743653B4
    assert tie(42, "like") == tie("42", "like")
    assert tie("a\x1fb", "like") == tie("a", "b\x1flike")


def test_events_of_one_instant_are_in_tie_order(tmp_path: Path) -> None:
    names = ["a", "b", "c", "d"]
    got = last(run(tmp_path, [*likes(*((n, NOON - 1) for n in names)), VIEW], specs=[LIKED | {"windows": ["1d"]}], output=["l_1d"]), "l_1d")
    assert got == sorted(names, key=lambda n: xxhash.xxh3_64_intdigest(n.encode() + b"\x1flike"), reverse=True) != names


def test_window_is_half_open(tmp_path: Path) -> None:
    events = likes(("edge", NOON - DAY_US), ("before", NOON - DAY_US - 1), ("late", NOON - 1), ("same", NOON), ("after", NOON + 1))
    outcome = run(tmp_path, [*events, VIEW], specs=[LIKED | {"windows": ["1d"]}], output=["event", "l_1d"])
    at_noon = dict(zip(column(outcome, "event"), column(outcome, "l_1d")))
    assert at_noon["view"] == ["late", "edge"]


def test_exclude_self_then_distinct_then_max_length_then_order(tmp_path: Path) -> None:
    events = likes(("a", NOON - 6), ("b", NOON - 5), ("me", NOON - 4), ("a", NOON - 3), ("c", NOON - 2), ("me", NOON - 1))
    spec = LIKED | {"windows": ["1h"], "exclude_self": True, "distinct": True, "max_length": 2, "order": "oldest_first"}
    assert last(run(tmp_path, [*events, VIEW], specs=[spec], output=["l_1h"]), "l_1h") == ["a", "c"]


def test_duplicates_stay_without_distinct_and_cumulative_is_distinct(tmp_path: Path) -> None:
    events = likes(("a", NOON - 400 * HOUR), ("a", NOON - 2), ("a", NOON - 1))
    specs = [LIKED | {"windows": ["1h"]}, LIKED | {"name": "c", "windows": "cumulative"},
             {"name": "n", "agg": "count", "events": ["like"], "windows": "cumulative"}]
    outcome = run(tmp_path, [*events, VIEW], specs=specs, output=["l_1h", "c", "n"])
    assert (last(outcome, "l_1h"), last(outcome, "c"), last(outcome, "n")) == (["a", "a"], ["a"], 3)


def test_flatten_distinct_keeps_list_order_and_excludes_own_elements(tmp_path: Path) -> None:
    art = [("a", 0, None, ["x", None, "y"], None, None), ("b", 0, None, ["y", "z", "own"], None, None),
           ("n", 0, None, None, None, None), ("me", 0, None, ["own"], None, None)]
    spec = {"name": "t", "column": "tack_ids", "events": ["like"], "windows": ["1h"], "flatten_distinct": True}
    events = [*likes(("a", NOON - 3), ("n", NOON - 2), ("b", NOON - 1)), VIEW]
    outcome = run(tmp_path, events, art, [spec, spec | {"name": "x", "exclude_self": True}], output=["t_1h", "x_1h"])
    assert (last(outcome, "t_1h"), last(outcome, "x_1h")) == (["y", "z", "own", "x"], ["y", "z", "x"])


@pytest.mark.parametrize("versions, kind", [
    ([("me", None, "z", None, "null time", None), ("me", 5, "a", None, "newest", None)], "newest"),
    ([("me", 5, "a", None, "z", None), ("me", 5, "b", None, "a", None)], "a"),  # author_id decides first
    ([("me", 5, None, None, "z", None), ("me", 5, "a", None, "a", None)], "a"),  # a NULL is smallest
    ([("me", 5, "a", ["p", None], "null", None), ("me", 5, "a", ["p", "q"], "q", None)], "null"),  # but greatest in a list
])
def test_view_reduction(tmp_path: Path, versions: list[tuple], kind: str) -> None:
    assert column(run(tmp_path, [VIEW], versions, output=["kind"]), "kind") == [kind]


def test_ages_are_floored_and_never_negative(tmp_path: Path) -> None:
    events = [("u", f"{n}", "view", NOON + n, None) for n in range(4)]
    created = [NOON - DAY_US, NOON + 1 - DAY_US + 1, NOON + 2 + HOUR, None]
    art = [(f"{n}", 0, None, None, None, time) for n, time in enumerate(created)]
    outcome = run(tmp_path, events, art, output=["age"], age_columns={"age": {"since": "created_at", "unit": "d"}})
    assert column(outcome, "age") == [1, 0, 0, None]


def test_sessions_are_judged_on_the_target_day_whoever_the_user(tmp_path: Path) -> None:
    midnight = day_start_us(DAY)
    events = [("u", "0", "like", midnight - 1, "night"), ("u", "1", "view", midnight, "night"),  # on the day view-only
              ("u", "2", "view", NOON, "two"), ("v", "3", "like", NOON, "two"),  # two users, one session
              ("u", "4", "like", NOON, "one"), ("u", "5", "view", NOON, None)]
    rule = {"drop_view_only": True, "drop_single_like": True}
    outcome = run(tmp_path, events, session_filter=rule | {"view_events": ["view"], "like_events": ["like"]})
    assert sorted(column(outcome, "artwork_id")) == ["2", "3", "5"]
    assert outcome.days[DAY].accounting[-1]["dropped"] == {"view_only": 1, "single_like": 1}
    assert outcome.qids == {"two": 1}  # the like before midnight is a single-like session of its own day


def test_qids_are_numbered_by_day_time_and_session(tmp_path: Path) -> None:
    events = [("u", "a", "like", NOON, "z"), ("u", "a", "like", NOON, "b"), ("u", "a", "like", NOON - DAY_US, "old"),
              ("u", "a", "like", NOON + 1, "old"), ("a", "a", "like", NOON + 2, None)]
    outcome = run(tmp_path, events)
    assert outcome.qids == {"old": 1, "b": 2, "z": 3}
    assert column(outcome, "qid") == [None, 2, 3, 1]  # user 'a' comes first


def test_coverage_drops_views_before_the_rolling_and_keeps_likes(tmp_path: Path) -> None:
    events = [("u", "gone", "view", NOON - 2, None), ("u", "gone", "like", NOON - 1, None), ("u", "here", "view", NOON, None)]
    spec = {"name": "l", "column": "artwork_id", "events": ["view", "like"], "windows": ["1h"]}
    outcome = run(tmp_path, events, specs=[spec], output=["l_1h"], pool=["here"])
    assert column(outcome, "l_1h") == [[], ["gone"]]


def test_curation_comes_before_the_content_filter(tmp_path: Path) -> None:
    art = [("a", 0, "anim", None, "SD", None), ("b", 0, "plain", None, "SD", None), ("c", 0, None, None, None, None)]
    events = [("u", n, "view", NOON, None) for n in "abc"]
    outcome = run(tmp_path, events, art, output=["kind"], curation=[{"when": {"author_id": "anim"}, "set": {"kind": "I2V"}}],
                  content_filter=[{"kind": ["SD", "other"]}, {"kind": None}])
    assert column(outcome, "kind") == ["I2V"]
    assert outcome.days[DAY].accounting[-1]["dropped"] == {"rule_0": 1, "rule_1": 1}


def test_windowed_join_is_newest_first_and_half_open(tmp_path: Path) -> None:
    times = {"edge": NOON - HOUR, "before": NOON - HOUR - 1, "b": NOON - 5, "a": NOON - 5, "now": NOON}
    art = [(name, 0, "u", None, None, time) for name, time in times.items()]
    join = {"name": "j", "view": "art", "on": {"author_id": "user_id"}, "time": "created_at", "value": "artwork_id", "window": "1h"}
    outcome = run(tmp_path, [VIEW], art, joins=[join | {"max_length": 50}, join | {"name": "k", "max_length": 1}], output=["j", "k"])
    assert (column(outcome, "j"), column(outcome, "k")) == ([["b", "a", "edge"]], [["b"]])


def test_invalid_rows_are_counted_and_may_fail_the_day(tmp_path: Path) -> None:
    events = [VIEW, ("u", None, "view", NOON, None), ("u", "a", "view", None, None)]
    assert run(tmp_path, events).days[DAY].accounting[0] == {"step": "spine", "rows_in": 2, "dropped": {"invalid": 1}, "rows_out": 1}
    assert run(tmp_path, events, max_invalid_fraction=0.5).exit_code == 0
    assert run(tmp_path, events, max_invalid_fraction=0.4).exit_code == 3


def test_country_codes() -> None:
    values = ["US", "uSa", "840", 840, "008", 8, "XK", "ZZZ", "999", 0, "", None, "u s"]
    assert [encode_country(v) for v in values] == [840, 840, 840, 840, 8, 8, 0, 0, 0, 0, 0, 0, 0]
    encode = encoder({"ios": 1, "web": 3})
    assert [encode(v) for v in ["ios", "IOS", 3, 2, None, "web"]] == [1, 0, 3, 0, 0, 3]


def test_order_of_values_is_duckdbs() -> None:
    strings = [None, "", "Z", "a", "é", "\uffff", "😀"]
    assert sorted(reversed(strings), key=order_key) == strings
    numbers = [None, -1.0, 0.5, float("inf"), float("nan")]
    assert [repr(v) for v in sorted(reversed(numbers), key=order_key)] == [repr(v) for v in numbers]
    lists = [None, [], [1], [1, 2], [1, None], [2], [None]]
    assert sorted(reversed(lists), key=order_key) == lists


def test_iso_8601_and_partitions(tmp_path: Path) -> None:
    assert parse_timestamp("1970-01-01T02:00:00.0000019+02:00") == 1
    assert parse_timestamp("1970-01-01 00:00:01") == parse_timestamp("1970-01-01T00:00:01Z") == 1_000_000
    for name in ("2024/02/29", "2024/02/30", "2024/xx/01"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "f.parquet").touch()
    (found,) = feed_partitions(f"{tmp_path}/{{YYYY}}/{{MM}}/{{DD}}/*.parquet")
    assert found.start_us == day_start_us(date(2024, 2, 29)) and found.end_us == day_start_us(date(2024, 3, 1))


def test_part_sizes() -> None:
    assert (part_sizes(0, 2), part_sizes(4, 2), part_sizes(5, 2)) == ([0], [2, 2], [2, 2, 1])
