"""examples/movielens: a made-up sample in the format of MovieLens-100k, through the converter and the program, counted by hand."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow.parquet as pq
import pytest

import daeda_process as dp

EXAMPLE = dp.PROJECT_ROOT / "examples/movielens"


def convert(source: Path, world: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLE / "convert.py"), str(source), str(world)]
    return subprocess.run(command, capture_output=True, text=True, timeout=dp.TIME_LIMIT_S)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = tmp_path_factory.mktemp("movielens") / "world"
    done = convert(EXAMPLE / "sample", world)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"13 ratings in {world}\n"
    return world


def rows_of(world: Path, pattern: str) -> list[dict[str, Any]]:
    return [row for file in sorted(world.glob(pattern)) for row in pq.ParquetFile(file).read().to_pylist()]


def test_ratings_become_events_by_month(world: Path) -> None:
    assert sorted(path.name for path in (world / "data/feed").iterdir()) == ["month=199803", "month=199804"]
    (march,) = rows_of(world, "data/feed/month=199803/*.parquet")
    assert march == {
        "user_id": 1, "artwork_id": 10, "event_timestamp": datetime(1998, 3, 31, 23), "event": "like", "rating": 5
    }  # fmt: skip
    april = {(row["user_id"], row["artwork_id"]): row for row in rows_of(world, "data/feed/month=199804/*.parquet")}
    assert len(april) == 12
    events = {key: april[key]["event"] for key in [(1, 12), (1, 11), (1, 13), (1, 15)]}
    assert list(events.values()) == ["like", "view", "dislike", "dislike"]  # 4, 3, 2, 1
    assert april[2, 12]["event_timestamp"] == datetime(1998, 4, 1, 1, 21)


def test_movies_and_raters_become_views(world: Path) -> None:
    movies = {row["artwork_id"]: row for row in rows_of(world, "data/views/movie/*.parquet")}
    assert movies[14]["title"] == "Café Nord (1996)"
    assert movies[13]["title"] == 'Two "Clowns" (1994)'
    assert movies[10]["genres"] == ["Animation", "Children's", "Comedy"]
    released = {number: row["released_at"] for number, row in movies.items()}
    assert (released[10], released[12], released[15]) == (datetime(1995, 1, 1), datetime(1997, 2, 7), None)
    raters = {row["user_id"]: row for row in rows_of(world, "data/views/rater/*.parquet")}
    assert raters[3] == {
        "user_id": 3, "updated_at": None, "age": 33, "gender": "F", "occupation": "writer", "zip_code": "00123"
    }  # fmt: skip


def test_a_day_of_the_sample(world: Path, tmp_path: Path) -> None:
    dp.trained(world, "--target-date", "1998-04-02", "--set", f"runtime.output_root={tmp_path}")
    rows = dp.rows(tmp_path, "1998-04-02")
    lists = {
        (row["user_id"], row["artwork_id"]): [
            [row[f"liked_movies_{window}"] for window in ("1h", "1d", "30d")],
            [row[f"ratings_{window}"] for window in ("1h", "1d", "30d")],
            row["disliked_movies"],
        ]
        for row in rows
    }
    assert lists == {
        (1, 14): [[[], [12], [12, 10]], [0, 3, 4], [13]],  # 12 and 11 of exactly a day before are in it
        (1, 15): [[[14], [14], [14, 12, 10]], [1, 2, 5], [13]],
        (3, 15): [[[], [], []], [0, 0, 0], []],
        (3, 13): [[[15]] * 3, [1, 1, 1], []],
        (3, 10): [[[13], [13, 15], [13, 15]], [1, 2, 2], []],
    }
    late = next(row for row in rows if (row["user_id"], row["artwork_id"]) == (1, 15))
    assert late["liked_genres_30d"] == ["Comedy", "Drama", "Romance", "Thriller", "Animation", "Children's"]
    assert (late["title"], late["movie_age"], late["occupation"]) == ("unknown", None, "technician")
    new = next(row for row in rows if (row["user_id"], row["artwork_id"]) == (1, 14))
    assert new["movie_age"] == (datetime(1998, 4, 2) - datetime(1996, 8, 30)).days


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("u.data", "1\t10\t6\t891385200\n", "ratings are from 1 to 5, found [6]"),
        ("u.data", "1\t10\t5\n", "Expected 4 columns, got 3"),
        ("u.user", None, "u.user"),
    ],
)
def test_what_is_not_movielens_is_refused(tmp_path: Path, file: str, text: str | None, says: str) -> None:
    source = Path(shutil.copytree(EXAMPLE / "sample", tmp_path / "sample"))
    (source / file).unlink()
    if text:
        (source / file).write_text(text)
    done = convert(source, tmp_path / "world")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ") and says in done.stderr
    assert not (tmp_path / "world").exists()
