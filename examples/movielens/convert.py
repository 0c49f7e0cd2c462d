#!/usr/bin/env python3
"""Makes a world of Daedalus from MovieLens-100k: a feed by month, two feature views, and the configuration for them.

    python convert.py ml-100k world

`ml-100k` is the unpacked data set, of which `u.data`, `u.item`, `u.user` and `u.genre` are read. A rating is an event: `like` (4 and 5),
`view` (3) or `dislike` (1 and 2), and the number itself is the feed's column `rating`. A movie is an artwork.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

EVENT_OF_RATING = {1: "dislike", 2: "dislike", 3: "view", 4: "like", 5: "like"}
# The data set has one version of a movie and of a user, without a time: NULL is a view's oldest.
NO_TIME = pa.timestamp("us")


def read_table(path: Path, delimiter: str, types: dict[str, pa.DataType]) -> pa.Table:
    """A file without a head, in Latin-1, with the columns of `types`."""
    return csv.read_csv(
        path,
        csv.ReadOptions(column_names=list(types), encoding="latin1"),
        csv.ParseOptions(delimiter=delimiter, quote_char=False),
        csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""]),
    )


def read_ratings(source: Path) -> pa.Table:
    """The feed: a row a rating."""
    types = {"user_id": pa.int64(), "artwork_id": pa.int64(), "rating": pa.int32(), "seconds": pa.int64()}
    table = read_table(source / "u.data", "\t", types)
    unknown = sorted(set(table["rating"].to_pylist()) - set(EVENT_OF_RATING))
    if unknown:
        raise ValueError(f"{source / 'u.data'}: ratings are from 1 to 5, found {unknown}")
    return pa.table(
        {
            "user_id": table["user_id"],
            "artwork_id": table["artwork_id"],
            "event_timestamp": table["seconds"].cast(pa.timestamp("s")).cast(pa.timestamp("us")),
            "event": pa.array([EVENT_OF_RATING[rating] for rating in table["rating"].to_pylist()], pa.string()),
            "rating": table["rating"],
        }
    )


def read_movies(source: Path) -> pa.Table:
    """The view `movie`: title, day of release (NULL where unknown) and genres, in the order of `u.genre`."""
    genres = read_table(source / "u.genre", "|", {"genre": pa.string(), "number": pa.int64()})["genre"].to_pylist()
    columns = ["artwork_id", "title", "released", "released_on_video", "address"]
    types = dict.fromkeys(columns, pa.string()) | {"artwork_id": pa.int64()} | dict.fromkeys(genres, pa.int64())
    table = read_table(source / "u.item", "|", types)
    flags = [[genre for genre in genres if row[genre]] for row in table.select(genres).to_pylist()]
    return pa.table(
        {
            "artwork_id": table["artwork_id"],
            "updated_at": pa.nulls(table.num_rows, NO_TIME),
            "title": table["title"],
            "released_at": pc.strptime(table["released"], "%d-%b-%Y", "s").cast(pa.timestamp("us")),
            "genres": pa.array(flags, pa.list_(pa.string())),
        }
    )


def read_users(source: Path) -> pa.Table:
    """The view `rater`."""
    types = {"user_id": pa.int64(), "age": pa.int32()} | dict.fromkeys(["gender", "occupation", "zip_code"], pa.string())
    table = read_table(source / "u.user", "|", types)
    return table.add_column(1, "updated_at", pa.nulls(table.num_rows, NO_TIME))


def convert(source: Path, world: Path) -> int:
    """Writes the world and returns its number of ratings. `world` must not exist."""
    ratings, movies, users = read_ratings(source), read_movies(source), read_users(source)
    shutil.copytree(Path(__file__).parent / "config", world / "config")
    months = pc.strftime(ratings["event_timestamp"], "%Y%m")
    for month in pc.unique(months).to_pylist():
        write(ratings.filter(pc.equal(months, month)), world / f"data/feed/month={month}/ratings.parquet")
    write(movies, world / "data/views/movie/movies.parquet")
    write(users, world / "data/views/rater/raters.parquet")
    return ratings.num_rows


def write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True)
    pq.write_table(table, path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="the unpacked ml-100k")
    parser.add_argument("world", type=Path, help="the directory to make")
    arguments = parser.parse_args()
    try:
        rows = convert(arguments.source, arguments.world)
    except (OSError, ValueError) as error:  # pyarrow's errors are among these
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{rows:,} ratings in {arguments.world}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
