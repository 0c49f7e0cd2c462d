"""Types of text stay as they were found, until `daeda catalog accept-types` takes them anew."""

from __future__ import annotations

import json
from pathlib import Path

import daeda_process as dp
import pyarrow.parquet as pq
import pytest

RUNTIME = """
feed_start: "202605"
feed_end: "202605"
output_root: out
feature_refs: []
embedding_coverage_filter: {enabled: false}
age_columns: {}
curation: []
content_filter: []
compute: {duckdb_config: {threads: 1, memory_limit: 500MB, temp_directory: tmp}}
output_columns: [user_id, n]
"""
HEADER = "user_id,artwork_id,event_timestamp,event,n\n"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    files = {
        "config/training/runtime.yaml": RUNTIME,
        "config/training/aggregations.yaml": "aggregation_specs: []\nwindowed_joins: []\n",
        "config/catalog/feed.yaml": 'source: {format: csv, path: "data/{YYYY}-{MM}-{DD}.csv"}\npassthrough: [n]\nsession: null\nencodings: {}\n',
        "data/2026-05-14.csv": HEADER + "u1,a1,2026-05-14T10:00:00,like,5\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(world: Path, *more: str) -> tuple[int, str]:
    done = dp.run(world, "pipeline", "train", "dssm_ranking", "--skeleton-only", *more)
    return done.returncode, done.stdout + done.stderr


def types(world: Path) -> dict[str, str]:
    columns = json.loads((world / "out/_types.json").read_text())["sources"]["feed"]
    return {name: column["type"] for name, column in columns.items()}


def values(world: Path, day: str) -> list[object]:
    return pq.ParquetFile(world / f"out/dt={day}/part-0-0.parquet").read().column("n").to_pylist()


def test_a_later_value_that_does_not_fit_is_told_and_can_be_accepted(world: Path) -> None:
    assert run(world)[0] == 0
    assert types(world) == {"user_id": "VARCHAR", "artwork_id": "VARCHAR", "n": "BIGINT"}

    later = world / "data/2026-05-15.csv"
    later.write_text(HEADER + 'u1,"a\n1",2026-05-15T10:00:00,like,7\n' + "u1,a1,2026-05-15T10:00:01,like,007\n")
    code, told = run(world)
    assert code == 1  # the other day is up to date
    for part in ("2026-05-15.csv", "'007' in line 4", "column n", "BIGINT", "accept-types"):
        assert part in told, part
    assert values(world, "2026-05-14") == [5]  # what was published stays

    done = dp.run(world, "catalog", "accept-types", "feed", "n")
    assert (done.returncode, done.stdout) == (0, "feed: n is VARCHAR, was BIGINT\n")
    code, told = run(world)
    assert code == 0 and "feed columns changed" in told  # the day that was made with the other type
    assert values(world, "2026-05-14") == ["5"]
    assert values(world, "2026-05-15") == ["7", "007"]
    assert dp.run(world, "catalog", "accept-types").stdout == "all types are as they were\n"


def test_a_later_value_that_fits_needs_nobody(world: Path) -> None:
    assert run(world)[0] == 0
    (world / "data/2026-05-15.csv").write_text(HEADER + "u1,a1,2026-05-15T10:00:00,like,\n" + "u1,a1,2026-05-15T11:00:00,like,-9\n")
    assert run(world)[0] == 0
    assert values(world, "2026-05-15") == [None, -9]


def test_a_declared_type_counts_instead(world: Path) -> None:
    assert run(world)[0] == 0
    (world / "data/2026-05-15.csv").write_text(HEADER + "u1,a1,2026-05-15T10:00:00,like,0.5\n")
    assert run(world)[0] == 1
    assert run(world, "--set", "feed.source.types={n: DOUBLE}")[0] == 0
    assert values(world, "2026-05-15") == [0.5]


def test_what_was_seen_is_remembered_and_may_be_lost(world: Path) -> None:
    assert run(world)[0] == 0
    seen = world / "out/_seen_text_files.json"
    before = seen.read_text()
    for damaged in ("", "[]", "{}", before[:40], before.replace('"place"', '"plaice"')):
        seen.write_text(damaged)
        assert run(world, "--force")[0] == 0
        assert seen.read_text() == before


def test_types_that_are_spoiled_are_the_machines_fault(world: Path) -> None:
    assert run(world)[0] == 0
    (world / "out/_types.json").write_text("{")
    code, told = run(world)
    assert code == 5 and "out/_types.json" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["nothing"], "the catalog has no 'nothing'"), (["feed", "m"], "feed has no column 'm'"), (["feed", "n", "x"], "x")],
)
def test_names_that_are_not_there(world: Path, arguments: list[str], told: str) -> None:
    done = dp.run(world, "catalog", "accept-types", *arguments)
    assert done.returncode == 2 and told in done.stderr
