"""Names and values of a configuration are text, whatever bytes they have: a world in which every one of them is hostile has
the rows of the same world with plain ones. The times differ, so that names decide no order."""

from __future__ import annotations

import datetime
import json
import random
from pathlib import Path
from typing import Any, Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import daeda_process as dp

FRAGMENTS = [
    '"', "'", "''", '""', ";", "--", "/*", "*/", "(", ")", "[", "]", "{", "}", "{{events}}", "{value}", "{columns}", "$$", "$1", "?",
    "%s", "\\", "\\'", "\\n", "\n", "\t", " ", ".", ",", "=", "#", "&", "*", "!", "|", "`", "@", "<", ">", "~", "é", "😀", "ß", "\u202e",
    "\u00a0", "\u2028", "'; DROP TABLE rows; --", '" FROM range(3); --', "') OR (1=1", "NULL", "select", "__row", "__seq", "getvariable('x')", "{}",
]  # fmt: skip
DAY = "2026-05-15"
SEEDS = range(3)


def hostile_names(seed: int) -> Callable[[str], str]:
    """Another name for each name, made of FRAGMENTS; equal for equal names, and no two alike."""
    made: dict[str, str] = {}

    def name(plain: str) -> str:
        if plain not in made:
            pick = random.Random(f"{seed} {plain}")
            text = "".join(pick.choice(FRAGMENTS) for _ in range(pick.randint(1, 6))) + str(len(made))
            if plain.startswith("view "):  # the name of a file, which is hidden when it begins with a dot
                text = "v" + text.replace("/", "\\")
            made[plain] = "-" + text if text.startswith("__") else text  # our own columns begin with __
        return made[plain]

    return name


def at(hour: int, minute: int = 0, day: int = 15) -> datetime.datetime:
    return datetime.datetime(2026, 5, day, hour, minute)


def write_table(path: Path, columns: dict[str, list[Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def write_world(world: Path, n: Callable[[str], str]) -> None:
    """A feed of two users, a view of each entity, a pool. `n` names columns, views, lists, events and values."""
    like, look = n("like"), n("look")
    write_table(
        world / "data/feed.parquet",
        {
            n("source of user"): ["u1", "u1", "u1", "u2", "u2"],
            "artwork_id": ["a1", "a2", "a1", "a3", "a2"],
            "event_timestamp": [at(9, day=14), at(10), at(11), at(12), at(13)],
            "event": [like, look, like, like, look],
            n("source of session"): ["s1", "s2", "s2", "s3", "s4"],
            n("plain"): [n("x"), n("y"), None, n("x"), n("z")],
            n("coded"): [n("ios"), n("web"), n("unknown"), None, n("ios")],
        },
    )
    write_table(
        world / "data/users.parquet",
        {"user_id": ["u1", "u2"], n("version"): [at(0), at(0)], n("since"): [at(0, day=1), at(0, day=2)]},
    )
    write_table(
        world / "data/artworks.parquet",
        {
            "artwork_id": ["a1", "a2", "a3"],
            n("version of artwork"): [at(0), at(0), at(0)],
            n("author"): ["u2", "u1", "u1"],
            n("kind"): [n("animated"), n("still"), n("banned")],
            n("tags"): [[n("t1"), n("t2")], [n("t1")], []],
            n("made"): [at(8, day=13), at(8, day=14), at(9, day=14)],
        },
    )
    write_table(world / "data/pool.parquet", {n("id"): ["a1", "a2"], n("vector"): [[1.0], [2.0]]})
    parquet = {"format": "parquet"}
    files: dict[str, Any] = {
        "catalog/feed.yaml": {
            "source": parquet | {"path": "data/feed.parquet"},
            "columns": {"user_id": n("source of user"), n("session"): n("source of session")},
            "passthrough": [n("plain"), n("coded")],
            "session": n("session"),
            "encodings": {n("coded"): {n("ios"): 1, n("web"): 2}},
        },
        "catalog/embedding_pool.yaml": {"source": parquet | {"path": "data/pool.parquet"}, "key": n("id"), "vector": n("vector")},
        f"catalog/views/{n('view of users')}.yaml": {
            "source": parquet | {"path": "data/users.parquet"},
            "entity": "user_id",
            "timestamp_field": n("version"),
            "features": [n("since")],
        },
        f"catalog/views/{n('view of artworks')}.yaml": {
            "source": parquet | {"path": "data/artworks.parquet"},
            "entity": "artwork_id",
            "timestamp_field": n("version of artwork"),
            "features": [n("author"), n("kind"), n("tags"), n("made")],
        },
        "training/aggregations.yaml": {
            "aggregation_specs": [
                {"name": n("likes"), "column": "artwork_id", "events": [like], "windows": ["1d", "7d"], "exclude_self": True},
                {"name": n("tags seen"), "column": n("tags"), "events": [like, look], "windows": ["7d"], "flatten_distinct": True},
                {"name": n("plain seen"), "column": n("plain"), "events": [like, look], "windows": ["7d"]},
                {"name": n("count"), "agg": "count", "events": [look], "windows": ["7d"]},
                {"name": n("ever"), "column": "artwork_id", "events": [like], "windows": "cumulative"},
            ],
            "windowed_joins": [
                {"name": n("published"), "view": n("view of artworks"), "on": {n("author"): "user_id"}, "time": n("made"),
                 "value": "artwork_id", "window": "7d"}
            ],
        },
        "training/runtime.yaml": {
            "feed_start": "202605",
            "feed_end": "202605",
            "output_root": "out",
            "max_invalid_fraction": 0,
            "compute": {"duckdb_config": {"threads": 1, "memory_limit": "1GB", "temp_directory": "tmp"}},
            "feature_refs": [n("view of users"), n("view of artworks")],
            "embedding_coverage_filter": {"events": [look]},
            "session_filter": {"view_events": [look], "like_events": [like]},
            "age_columns": {n("age"): {"since": n("since"), "unit": "d"}},
            "curation": [{"when": {n("kind"): [n("animated"), n("nothing")]}, "set": {n("kind"): n("curated")}}],
            "content_filter": [{n("kind"): n("banned")}],
            "output_columns": [
                "user_id", "artwork_id", "event_timestamp", "event", n("session"), n("plain"), n("coded"), n("since"), n("kind"),
                n("tags"), n("age"), n("likes") + "_1d", n("likes") + "_7d", n("tags seen") + "_7d", n("plain seen") + "_7d",
                n("count") + "_7d", n("ever"), n("published"), {"name": n("text"), "default": n("a default")},
                {"name": n("list"), "default": [n("a default")]}, {"name": n("sql"), "default_sql": quoted(n("a default"))},
            ],
        },
    }  # fmt: skip
    for path, content in files.items():
        target = world / "config" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # JSON is YAML, but for a character that is a line break in the one alone.
        target.write_text(json.dumps(content, ensure_ascii=False).replace("\u2028", "\\u2028"), encoding="utf-8")


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def renamed(value: Any, n: Callable[[str], str], texts: list[str]) -> Any:
    """`value` with the texts among `texts` named by `n`."""
    if isinstance(value, list):
        return [renamed(item, n, texts) for item in value]
    return n(value) if isinstance(value, str) and value in texts else value


TEXTS = ["like", "look", "x", "y", "z", "animated", "still", "banned", "curated", "t1", "t2", "a default"]


@pytest.fixture(scope="module")
def plain_rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    world = tmp_path_factory.mktemp("plain")
    write_world(world, lambda name: name)
    dp.trained(world)
    rows = dp.rows(world / "out", DAY)
    assert len(rows) == 3 and rows[0]["likes_7d"] == ["a1"] and rows[0]["tags seen_7d"] == ["t1", "t2"]
    return rows


@pytest.mark.parametrize("seed", SEEDS)
def test_hostile_names_have_the_rows_of_plain_ones(tmp_path: Path, plain_rows: list[dict[str, Any]], seed: int):
    n = hostile_names(seed)
    write_world(tmp_path, n)
    done = dp.train(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    columns = dp.rows(tmp_path / "out", DAY)[0].keys()
    expected = [
        dict(zip(columns, (renamed(value, n, TEXTS) for value in row.values()), strict=True)) for row in plain_rows
    ]
    for row, wanted in zip(dp.rows(tmp_path / "out", DAY), expected, strict=True):
        assert row == wanted
    manifest = dp.manifest(tmp_path / "out", DAY)
    assert manifest["unknown_values"] == {n("coded"): [n("unknown")]}
    for command in (["check"], ["status"], ["config", "show"], ["catalog", "list"], ["catalog", "coverage"]):
        assert dp.run(tmp_path, *command).returncode == 0, command
