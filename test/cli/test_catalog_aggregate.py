"""`daeda catalog aggregate`: the skeleton's lists, without its filters and without publishing."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import daeda_process as dp

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
KEYS = ["user_id", "artwork_id", "event_timestamp", "event"]
DAY = "2026-06-01"
LISTS = {
    name: [f"{name}_{window}" for window in ("1d", "3d", "7d")]
    for name in ("like_artwork_ids", "like_artwork_author_ids", "like_artwork_model_ids", "like_artwork_cnts",
                 "like_artwork_tack_ids", "view_artwork_ids", "click_artwork_ids")
} | {name: [name] for name in ("dislike_artwork_ids", "user_recent_published_artworks")}  # fmt: skip


@pytest.fixture(scope="session")
def unfiltered_day(untouched_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run on DAY that publishes every row that the coverage filter leaves."""
    root = tmp_path_factory.mktemp("unfiltered")
    dp.trained(untouched_world, "--target-date", DAY, "--set", f"runtime.output_root={root}", "--set", "runtime.content_filter=[]")
    return root


def aggregate(world: Path, name: str, out: Path, *arguments: str) -> list[dict[str, Any]]:
    done = dp.run(world, "catalog", "aggregate", "--spec", name, "--out", str(out), *arguments)
    assert done.returncode == 0, done.stderr
    return pq.ParquetFile(out).read().to_pylist()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("engine", ["native", "duckdb"])
def test_aggregate_gives_the_lists_of_a_run(
    untouched_world: Path, unfiltered_day: Path, tmp_path: Path, name: str, engine: str
) -> None:
    made = aggregate(untouched_world, name, tmp_path / "made.parquet", "--day", DAY, "--engine", engine)
    assert made == dp.rows(unfiltered_day, DAY, KEYS + LISTS[name])
    assert made, "a day without rows shows nothing"


@pytest.fixture(scope="module")
def golden_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(GOLDEN / "world", tmp_path_factory.mktemp("golden") / "world"))


@pytest.mark.parametrize("name", LISTS)
def test_aggregate_gives_the_golden_lists(golden_world: Path, tmp_path: Path, name: str) -> None:
    """The rows of expected_rows.json, and the one that the content filter drops there: a4 at 15:00."""
    made = aggregate(golden_world, name, tmp_path / "made.parquet", "--day", "2026-05-10")
    expected = json.loads((GOLDEN / "expected_rows.json").read_text())
    for row in expected:
        row["event_timestamp"] = datetime.fromisoformat(row["event_timestamp"])
    filtered = [row for row in made if row["artwork_id"] != "a4"]
    assert filtered == [{column: row[column] for column in KEYS + LISTS[name]} for row in expected]
    (dropped,) = [row for row in made if row["artwork_id"] == "a4"]
    by_hand = {
        "like_artwork_ids": [["a3"], ["a3", "a5", "a2"], ["a3", "a5", "a2", "a1"]],
        "like_artwork_cnts": [1, 3, 4],
        "like_artwork_author_ids": [["bo"], ["bo", "ana"], ["bo", "ana", "bo"]],
        "view_artwork_ids": [["a2", "a1"]] * 3,  # a5 has no vector
    }
    if name in by_hand:
        assert [dropped[column] for column in LISTS[name]] == by_hand[name]


def test_aggregate_prints_rows_and_publishes_nothing(world: Path) -> None:
    arguments = ["catalog", "aggregate", "--spec", "click_artwork_ids", "--day", DAY, "-n", "3"]
    text = dp.run(world, *arguments)
    assert text.returncode == 0
    head, *rows, empty, summary = text.stdout.splitlines()
    assert head.split() == KEYS + LISTS["click_artwork_ids"]
    assert (len(rows), empty) == (3, "")
    made = json.loads(dp.run(world, *arguments, "--json").stdout)
    assert summary.startswith(f"{DAY}: 3 of {made['rows']} rows")
    assert (made["spec"], made["day"], made["engine"]) == ("click_artwork_ids", DAY, "duckdb")
    assert [step["step"] for step in made["row_accounting"]] == ["spine", "embedding_coverage"]
    assert made["row_accounting"][-1]["rows_out"] == made["rows"]
    assert [list(row) for row in made["first_rows"]] == [KEYS + LISTS["click_artwork_ids"]] * 3
    assert not dp.output_root(world).exists()
    assert list((world / "data/tmp").iterdir()) == []


def test_aggregate_takes_the_engine_of_the_configuration(world: Path) -> None:
    arguments = ["--spec", "like_artwork_cnts", "--day", DAY, "--json", "--set", "compute.engine=native"]
    assert json.loads(dp.run(world, "catalog", "aggregate", *arguments).stdout)["engine"] == "native"


def test_aggregate_ignores_session_and_content_filters(world: Path, tmp_path: Path) -> None:
    filters = ["--set", "runtime.session_filter.drop_view_only=true", "--set", "runtime.content_filter=[{event: click}]"]
    every = aggregate(world, "click_artwork_ids", tmp_path / "every.parquet", "--day", DAY)
    assert aggregate(world, "click_artwork_ids", tmp_path / "same.parquet", "--day", DAY, *filters) == every
    assert "click" in {row["event"] for row in every}


def test_aggregate_of_a_new_specification(world: Path, tmp_path: Path) -> None:
    """Clicks of 12 hours, counted here from the feed's rows of the two days."""
    spec = "aggregations.aggregation_specs=[{name: clicks, agg: count, events: [click], windows: [12h]}]"
    overrides = ["--set", spec, "--set", "runtime.output_columns=[user_id]"]
    made = aggregate(world, "clicks", tmp_path / "clicks.parquet", "--day", DAY, *overrides)
    feed = [row for file in (world / "data/feed").rglob("*.parquet") for row in pq.ParquetFile(file).read().to_pylist()]
    clicks = [(row["user_id"], row["event_timestamp"]) for row in feed if row["event"] == "click" and row["artwork_id"]]
    half_a_day = 12 * 3600
    expected = [
        sum(u == row["user_id"] and 0 < (row["event_timestamp"] - t).total_seconds() <= half_a_day for u, t in clicks)
        for row in made
    ]
    assert [row["clicks_12h"] for row in made] == expected
    assert max(expected) > 0


def test_aggregate_keeps_the_types_of_the_whole_configuration(golden_world: Path, tmp_path: Path) -> None:
    """JSON text that an age column reads as a time is a list of times here too."""
    overrides = [
        "--set", "aggregations.aggregation_specs=[{name: since, column: artwork_created_at, events: [like], windows: [7d]}]",
        "--set", "runtime.output_columns=[user_id, artwork_id, event_timestamp, event, since_7d]",
        "--set", "runtime.content_filter=[]",
    ]  # fmt: skip
    root = tmp_path / "root"
    dp.trained(golden_world, "--target-date", "2026-05-10", "--set", f"runtime.output_root={root}", *overrides)
    out = tmp_path / "made.parquet"
    made = aggregate(golden_world, "since", out, "--day", "2026-05-10", *overrides)
    assert made == dp.rows(root, "2026-05-10", [*KEYS, "since_7d"])
    assert str(pq.read_schema(out).field("since_7d").type.value_type) == "timestamp[us]"


def test_aggregate_of_a_join_by_a_listed_column(untouched_world: Path, tmp_path: Path) -> None:
    """The join's key is a column that only another aggregation brings to the spine."""
    join = (
        "aggregations.windowed_joins=[{name: author_works, view: artwork_properties, on: {author_id: author_id},"
        " time: artwork_created_at, value: artwork_id, window: 90d}]"
    )
    columns = ", ".join([*KEYS, "author_works"])
    overrides = ["--set", join, "--set", f"runtime.output_columns=[{columns}]", "--set", "runtime.content_filter=[]"]
    root = tmp_path / "root"
    dp.trained(untouched_world, "--target-date", DAY, "--set", f"runtime.output_root={root}", *overrides)
    made = aggregate(untouched_world, "author_works", tmp_path / "made.parquet", "--day", DAY, *overrides)
    assert made == dp.rows(root, DAY, [*KEYS, "author_works"])
    assert any(row["author_works"] for row in made)


def test_polars_says_what_to_install(world: Path, tmp_path: Path) -> None:
    arguments = ["catalog", "aggregate", "--spec", "like_artwork_ids", "--day", DAY, "--engine", "polars"]
    bare = tmp_path / "bare-python"
    bare.write_text('#!/bin/sh\nexec python3 -I -S "$@"\n')  # no installed packages
    bare.chmod(0o755)
    without_package = dp.run(world, *arguments, env={"DAEDALUS_PYTHON": str(bare)})
    assert (without_package.returncode, without_package.stdout) == (2, "")
    assert "No module named 'daedalus'" in without_package.stderr
    assert f"{bare} -m pip install '.[polars]'" in without_package.stderr
    without_python = dp.run(world, *arguments, env={"DAEDALUS_PYTHON": "no-such-python"})
    assert (without_python.returncode, without_python.stdout) == (2, "")
    assert "can't start no-such-python" in without_python.stderr
    assert "DAEDALUS_PYTHON" in without_python.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--spec", "like_artwork_idz", "--day", DAY], 2, "did you mean 'like_artwork_ids'?"),
        (["--spec", "like_artwork_ids_7d", "--day", DAY], 2, "name the aggregation that makes it: 'like_artwork_ids'"),
        (["--spec", "zzz", "--day", DAY], 2, "name one of like_artwork_ids, "),
        (["--spec", "like_artwork_ids", "--day", DAY, "--engine", "spark"], 2, "spark not in"),
        (["--spec", "like_artwork_ids", "--day", "2026-06-31"], 2, "--day: '2026-06-31' is not a date"),
        (["--spec", "like_artwork_ids", "--day", "2026-07-01"], 2, "lies outside feed_start..feed_end"),
        (["--spec", "like_artwork_ids", "--day", "2026-06-02"], 4, "the nearest day with rows is 2026-06-01"),
        (["--spec", "like_artwork_ids", "--day", DAY, "--out", "no/such/place.parquet"], 5, "no/such/place.parquet"),
        (["--spec", "like_artwork_ids", "--day", DAY, "--out", "data"], 5, "data"),
        (["--spec", "like_artwork_ids", "--day", DAY, "--out", "x.parquet", "-n", "3"], 2, "--rows"),
        (["--day", DAY], 2, "--spec is required"),
    ],
)  # fmt: skip
def test_aggregate_says_what_is_wrong(world: Path, arguments: list[str], code: int, says: str) -> None:
    done = dp.run(world, "catalog", "aggregate", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stderr
    assert done.stdout == ""


def test_aggregate_of_a_day_in_doubt(world: Path, tmp_path: Path) -> None:
    """As in a run, a day with too many invalid rows is refused; a file that stands stays."""
    file = world / "data/feed/month=202606/2026-06-01.parquet"
    table = pq.ParquetFile(file).read()
    pq.write_table(table.set_column(table.schema.get_field_index("event"), "event", [[None] * table.num_rows]), file)
    out = tmp_path / "kept.parquet"
    out.write_bytes(b"kept")
    done = dp.run(world, "catalog", "aggregate", "--spec", "like_artwork_ids", "--day", DAY, "--out", str(out))
    assert done.returncode == 3
    assert "max_invalid_fraction" in done.stderr
    assert out.read_bytes() == b"kept"
