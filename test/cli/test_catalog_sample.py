"""`daeda catalog sample` and `coverage`: which rows, and how many ids are found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xxhash

import daeda_process as dp

GOLDEN_WORLD = Path(__file__).resolve().parents[1] / "golden/world"


@pytest.fixture
def golden_world(tmp_path: Path) -> Path:
    """The world of test/golden: text that a person can count."""
    return Path(shutil.copytree(GOLDEN_WORLD, tmp_path / "golden"))


def printed(world: Path, *arguments: str) -> Any:
    done = dp.run(world, "catalog", *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def by_hash(user: str) -> int:
    return xxhash.xxh3_64_intdigest(user.encode() + b"\x1f")


def test_sample_takes_the_first_ids_by_hash_newest_first(untouched_world: Path) -> None:
    with duckdb.connect() as db:
        stored = db.execute(f"""
            SELECT user_id, strftime(updated_at, '%Y-%m-%d %H:%M:%S.%f') AS updated_at
            FROM '{untouched_world}/data/views/user_profile/*.parquet'""").fetchall()  # fmt: skip
    assert len(stored) > 10
    newest_first = sorted(sorted(stored, key=lambda row: row[1], reverse=True), key=lambda row: by_hash(row[0]))
    sampled = printed(untouched_world, "sample", "user_profile", "-n", "10")
    assert [(row["user_id"], row["updated_at"]) for row in sampled] == newest_first[:10]
    assert len(printed(untouched_world, "sample", "user_profile", "-n", "1000")) == len(stored)


@pytest.mark.parametrize("name", ["feed", "embedding_pool", "artwork_tack"])
def test_sample_takes_every_source(untouched_world: Path, name: str) -> None:
    columns = [column["name"] for column in printed(untouched_world, "show", name)["columns"]]
    rows = printed(untouched_world, "sample", name, "-n", "3")
    assert [list(row) for row in rows] == [columns] * 3
    text = dp.run(untouched_world, "catalog", "sample", name, "-n", "3")
    assert (text.returncode, text.stderr) == (0, "")
    assert text.stdout.split("\n")[0].split() == columns
    assert len(text.stdout.splitlines()) == 4


def test_sample_names_the_nearest_source(untouched_world: Path) -> None:
    done = dp.run(untouched_world, "catalog", "sample", "artwork_tak")
    assert done.returncode == 2
    assert "the catalog has no 'artwork_tak'" in done.stderr
    assert "did you mean 'artwork_tack'?" in done.stderr


def test_coverage_counts_ids_and_rows(golden_world: Path) -> None:
    """Of 2026-05-10: ana with a1 three times, a2, a3, a4, a5; bo with a2; bo's row without an artwork does not count."""
    covered = printed(golden_world, "coverage", "--day", "2026-05-10")
    assert covered["day"] == "2026-05-10"
    counts = {
        source["name"]: (source["key"], source["ids"], source["ids_found"], source["rows"], source["rows_found"])
        for source in covered["sources"]
    }
    assert counts == {
        "artwork_aesthetic": ("artwork_id", 5, 2, 8, 5),  # a1, a2
        "artwork_generation": ("artwork_id", 5, 4, 8, 7),  # all but a5
        "artwork_properties": ("artwork_id", 5, 4, 8, 7),
        "artwork_tack": ("artwork_id", 5, 4, 8, 7),
        "artwork_vector": ("artwork_id", 5, 2, 8, 4),  # a1, a3
        "user_profile": ("user_id", 2, 2, 8, 8),
        "embedding_pool": ("artwork_id", 5, 4, 8, 7),  # a5 has a row, but no vector
    }


def test_coverage_takes_the_last_day_with_rows(golden_world: Path) -> None:
    assert printed(golden_world, "coverage")["day"] == "2026-05-11"


def test_coverage_goes_on_without_a_view_and_with_one_of_other_keys(golden_world: Path) -> None:
    (golden_world / "data/views/user_profile.json").unlink()
    (golden_world / "data/views/artwork_vector.json").write_text(
        '{"artwork_id": 1, "updated_at": "2026-05-01T00:00:00Z", "media_safety_score": 0.5, "text_safety_score": 0.5}\n'
    )
    done = dp.run(golden_world, "catalog", "coverage", "--day", "2026-05-10", "--json")
    assert done.returncode == 4
    assert "no file matches data/views/user_profile.json" in done.stderr
    assert "view artwork_vector: artwork_id is BIGINT, but the feed's artwork_id is VARCHAR" in done.stderr
    sources = {source["name"]: source for source in json.loads(done.stdout)["sources"]}
    assert [name for name in sources if "error" in sources[name]] == ["artwork_vector", "user_profile"]
    assert sources["artwork_aesthetic"]["ids_found"] == 2


@pytest.mark.parametrize(
    ("day", "code", "says"),
    [
        ("2026-05-09", 0, "2026-05-09"),
        ("2026-05-12", 4, "the nearest day with rows is 2026-05-11"),
        ("2026-07-01", 2, "lies outside feed_start..feed_end (2026-02-01 to 2026-05-31)"),
        ("yesterday", 2, "--day: 'yesterday' is not a date"),
    ],
)
def test_coverage_of_a_day(golden_world: Path, day: str, code: int, says: str) -> None:
    done = dp.run(golden_world, "catalog", "coverage", "--day", day)
    assert done.returncode == code
    assert says in done.stdout + done.stderr
