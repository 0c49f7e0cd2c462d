"""Why a run computes a day: told before the day begins, and again in the summary."""

from __future__ import annotations

from pathlib import Path

import pytest

import daeda_process as dp

DAYS = ["2026-05-30", "2026-05-31", "2026-06-01"]


def reasons(stdout: str) -> list[str]:
    """What the summary says was to compute."""
    return [line.removeprefix("to compute: ") for line in stdout.splitlines() if line.startswith("to compute: ")]


def started(stderr: str) -> list[str]:
    return sorted(line for line in stderr.splitlines() if "  to compute: " in line)


def test_missing_days(world: Path) -> None:
    done = dp.trained(world)
    assert started(done.stderr) == [f"{day}  to compute: missing" for day in DAYS]
    assert reasons(done.stdout) == [f"3 days of {DAYS[0]} to {DAYS[2]}: missing"]
    again = dp.trained(world)
    assert (started(again.stderr), reasons(again.stdout)) == ([], [])


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (["runtime.entity_spine_chunk_rows=7"], "runtime.entity_spine_chunk_rows"),
        (
            ["runtime.max_invalid_fraction=0.5", "embedding_pool.key=artwork_id", "runtime.embedding_coverage_filter.events=all"],
            "runtime.embedding_coverage_filter.events, runtime.max_invalid_fraction",
        ),
        (["runtime.content_filter=[]"], "runtime.content_filter"),
        # What can't change a row makes nothing stale.
        (["runtime.day_workers=2", "runtime.compute.duckdb_config.threads=1"], None),
    ],
)
def test_changed_keys_are_named(world: Path, settings: list[str], names: str | None) -> None:
    dp.trained(world, "--target-date", DAYS[2])
    done = dp.trained(world, "--target-date", DAYS[2], *[word for text in settings for word in ("--set", text)])
    assert reasons(done.stdout) == ([f"{DAYS[2]}: config changed: {names}"] if names else [])


def test_changed_inputs_are_named(world: Path) -> None:
    dp.trained(world)
    june = world / f"data/feed/month=202606/{DAYS[2]}.parquet"
    june.touch()
    done = dp.trained(world)
    assert started(done.stderr) == [f"{DAYS[2]}  to compute: inputs changed: {june}"]
    assert reasons(done.stdout) == [f"{DAYS[2]}: inputs changed: {june}"]


def test_several_reasons_are_all_told(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[2])
    june = world / f"data/feed/month=202606/{DAYS[2]}.parquet"
    june.touch()
    (dp.output_root(world) / f"dt={DAYS[2]}/part-0-0.parquet").write_bytes(b"")
    done = dp.trained(world, "--target-date", DAYS[2], "--set", "runtime.entity_spine_chunk_rows=7")
    assert reasons(done.stdout) == [
        f"{DAYS[2]}: damaged: part-0-0.parquet; config changed: runtime.entity_spine_chunk_rows; inputs changed: {june}"
    ]


def test_a_forced_day_says_so(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[2])
    assert reasons(dp.trained(world, "--target-date", DAYS[2], "--force").stdout) == [f"{DAYS[2]}: forced"]


def test_edited_sql_is_named(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[2])
    edited = world / "sql/skeleton/filter_to_target_day.sql"
    edited.parent.mkdir(parents=True)
    edited.write_text((dp.PROJECT_ROOT / "sql/skeleton/filter_to_target_day.sql").read_text() + "-- edited\n")
    done = dp.trained(world, "--target-date", DAYS[2], "--sql-dir", "sql")
    assert reasons(done.stdout) == [f"{DAYS[2]}: SQL changed: filter_to_target_day"]


def test_the_manifest_holds_the_values_that_can_change_rows(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[2], "--set", "runtime.compute.duckdb_config.threads=1")
    manifest = dp.manifest(dp.output_root(world), DAYS[2])
    assert manifest["configuration"]["runtime.max_invalid_fraction"] == "0.001"
    assert manifest["configuration"]["feed.encodings.platform_code.ios"] == "1"
    neutral = ("runtime.compute", "runtime.day_workers", "runtime.output_root", "runtime.feed_")
    assert [key for key in manifest["configuration"] if key.startswith(neutral)] == []
    assert manifest["feed_columns"]["user_id"] == "VARCHAR"
    assert manifest["edited_sql"] == {}
