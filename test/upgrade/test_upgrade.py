"""An output_root that the release before wrote, kept in world/: what it published stays valid.

Its manifests name inputs by absolute path, which stands here as {WORLD}, and by modification time, which a copy of
the world is given.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import pytest

import daeda_process as dp

DAYS = ["2026-05-02", "2026-05-03"]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    world = Path(shutil.copytree(HERE / "world", tmp_path.resolve() / "world"))
    for day in DAYS:
        manifest = dp.output_root(world) / f"dt={day}/_manifest.json"
        manifest.write_text(manifest.read_text().replace("{WORLD}", str(world)))
        for file in dp.manifest(dp.output_root(world), day)["inputs"]:
            os.utime(file["path"], ns=(file["mtime_us"] * 1000,) * 2)
    return world


def reasons(world: Path, *arguments: str) -> list[list[str]]:
    """Of each day, "cause name" for all that makes it stale."""
    done = dp.run(world, "status", "--json", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    days = json.loads(done.stdout)
    assert [day["day"] for day in days] == DAYS
    return [[f"{reason['cause']} {name}" for reason in day["reasons"] for name in reason["names"]] for day in days]


def test_published_days_are_up_to_date(world: Path) -> None:
    assert reasons(world) == [[], []]
    before = dp.data_bytes(dp.output_root(world), manifests=True)
    done = dp.trained(world)
    assert "2 days: 2 up to date" in done.stdout
    dp.assert_same_data(dp.data_bytes(dp.output_root(world), manifests=True), before)


def test_a_day_that_is_computed_again_has_the_same_rows(world: Path) -> None:
    root = dp.output_root(world)
    before = [dp.rows(root, day) for day in DAYS]
    dp.trained(world, "--force")
    assert [dp.rows(root, day) for day in DAYS] == before


@pytest.mark.parametrize(
    "arguments",
    [
        # What is written out and equals the default of a key that the release before did not have.
        ["feed.day_zone=UTC", "feed.keys.user=user_id", "feed.times={}", "feed.path_columns=[]"],
        ["runtime.warnings={empty-join: ignore}"],
    ],
)
def test_new_keys_change_nothing_at_their_default(world: Path, arguments: list[str]) -> None:
    assert reasons(world, *(text for value in arguments for text in ("--set", value))) == [[], []]


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        ("feed.day_zone=Europe/Berlin", "feed.day_zone"),
        ("feed.columns={}", "feed.columns"),
        ("runtime.session_filter.drop_view_only=false", "runtime.session_filter.drop_view_only"),
        ("runtime.content_filter=[]", "runtime.content_filter"),
    ],
)
def test_a_key_of_another_value_makes_days_stale(world: Path, value: str, changed: str) -> None:
    assert [any(reason.startswith(f"config changed {changed}") for reason in day) for day in reasons(world, "--set", value)] == [True, True]


def test_a_setting_is_compared_as_a_whole(world: Path) -> None:
    """The shipped encodings are those of the old manifest and more: which only the order or the number of keys shows."""
    found = reasons(world, "--set", "feed.encodings={country_code: iso3166_numeric}")
    assert "config changed feed.encodings.platform_code.ios" in found[0]
    found = reasons(world, "--set", "feed.encodings={platform_code: {ios: 1, android: 2, web: 3}, country_code: iso3166_numeric}")
    assert found == [["config changed feed.encodings"]] * 2
