"""Links below the directories of the sources: those that lead out are refused, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

import daeda_process as dp

POOL = "data/embeddings.lance"
FEED = "data/feed/month=202605"


def move_out(path: Path, outside: Path) -> None:
    """Puts a link at `path` to what was there and is now outside of the world."""
    path.rename(outside / path.name)
    path.symlink_to(outside / path.name)


def a_file_of(directory: Path) -> Path:
    return sorted(path for path in directory.iterdir() if path.is_file())[0]


@pytest.mark.parametrize(
    "what", ["file of the feed", "folder of the feed", "view", "pool", "file of the pool", "folder of the pool"]
)
def test_what_leads_out_is_not_read(world: Path, outside: Path, what: str):
    path = {
        "file of the feed": world / FEED / "2026-05-17.parquet",
        "folder of the feed": world / FEED,
        "view": a_file_of(world / "data/views/user_profile"),
        "pool": world / POOL,
        "file of the pool": a_file_of(world / POOL / "data"),
        "folder of the pool": world / POOL / "data",
    }[what]
    move_out(path, outside)
    done = dp.train(world)
    told = done.stdout + done.stderr
    assert done.returncode == 4, told
    assert str(path.relative_to(world)) in told
    assert f"leads to {outside.resolve()}" in told
    assert "source.path" in told
    assert dp.published_days(dp.output_root(world)) == []


@pytest.mark.parametrize("name", ["data", "data/feed", "data/views"])
def test_a_directory_that_the_configuration_names_may_be_a_link(world: Path, outside: Path, name: str):
    move_out(world / name, outside)
    dp.trained(world)
    assert dp.published_days(dp.output_root(world)) == ["2026-05-16", "2026-05-17"]


def test_a_link_to_another_directory_of_the_configuration_is_followed(world: Path):
    path = world / FEED / "2026-05-17.parquet"
    path.rename(world / "data/views/elsewhere.parquet")
    path.symlink_to(world / "data/views/elsewhere.parquet")
    dp.trained(world)
    assert dp.published_days(dp.output_root(world)) == ["2026-05-16", "2026-05-17"]


def test_a_source_may_lie_in_the_working_directory_itself(world: Path):
    for path in (world / FEED).iterdir():
        path.rename(world / path.name)
    dp.trained(world, "--set", "feed.source.path='*.parquet'")
    assert dp.published_days(dp.output_root(world)) == ["2026-05-16", "2026-05-17"]
