"""`daeda status`: published, stale, failed and missing days, and what a run keeps of itself for it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import daeda_process as dp
from failing import add_invalid_rows, corrupt

DAYS = ["2026-05-30", "2026-05-31", "2026-06-01"]


def status(world: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    """The standings by day."""
    done = dp.run(world, "status", "--json", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return {day["day"]: day for day in json.loads(done.stdout)}


def states(world: Path, *arguments: str) -> list[str]:
    found = status(world, *arguments)
    assert list(found) == DAYS
    return [day["state"] for day in found.values()]


def test_before_the_first_run_all_is_missing_and_nothing_is_written(untouched_world: Path) -> None:
    assert states(untouched_world) == ["missing"] * 3
    assert not dp.output_root(untouched_world).exists()


def test_the_table(world: Path) -> None:
    dp.trained(world, "--from", DAYS[1])
    add_invalid_rows(world, DAYS[2])
    assert dp.train(world, "--target-date", DAYS[2]).returncode == 3
    lines = dp.run(world, "status").stdout.splitlines()
    assert [line.split()[:2] for line in lines[:4]] == [["day", "state"], [DAYS[0], "missing"], [DAYS[1], "published"], [DAYS[2], "failed"]]
    assert lines[1].split()[2:] == ["-", "-"]
    assert lines[2].split()[2] == str(len(dp.rows(dp.output_root(world), DAYS[1])))
    assert "(data check) " in lines[3] and "invalid" in lines[3]
    assert lines[4:] == ["", "3 days: 1 published, 1 failed, 1 missing in data/training_output"]


def test_stale_days_say_why(world: Path) -> None:
    dp.trained(world)
    assert states(world) == ["published"] * 3
    june = world / f"data/feed/month=202606/{DAYS[2]}.parquet"
    june.touch()
    found = status(world)
    assert [day["state"] for day in found.values()] == ["published", "published", "stale"]
    assert found[DAYS[2]]["reasons"] == [{"cause": "inputs changed", "names": [str(june)]}]
    assert found[DAYS[2]]["rows"] == len(dp.rows(dp.output_root(world), DAYS[2]))

    found = status(world, "--set", "runtime.entity_spine_chunk_rows=7")
    assert [day["state"] for day in found.values()] == ["stale"] * 3
    assert found[DAYS[0]]["reasons"] == [{"cause": "config changed", "names": ["runtime.entity_spine_chunk_rows"]}]
    assert dp.run(world, "status", "--set", "runtime.entity_spine_chunk_rows=7").returncode == 0


def test_a_failed_day_is_failed_until_it_is_published(world: Path) -> None:
    bad = add_invalid_rows(world, DAYS[0])
    assert dp.train(world).returncode == 1
    found = status(world)
    assert [day["state"] for day in found.values()] == ["failed", "published", "published"]
    assert found[DAYS[0]]["error_kind"] == "data check" and "invalid" in found[DAYS[0]]["error"]
    assert found[DAYS[0]]["reasons"] == [{"cause": "missing", "names": []}]
    bad.unlink()
    assert dp.train(world).returncode == 0
    assert states(world) == ["published"] * 3


def test_a_failure_is_remembered_by_later_runs_of_other_days(world: Path) -> None:
    bad = add_invalid_rows(world, DAYS[0])
    assert dp.train(world, "--target-date", DAYS[0]).returncode == 3
    dp.trained(world, "--target-date", DAYS[1])
    dp.trained(world, "--target-date", DAYS[1])
    found = status(world)
    assert [day["state"] for day in found.values()] == ["failed", "published", "missing"]
    assert found[DAYS[0]]["error_kind"] == "data check" and "invalid" in found[DAYS[0]]["error"]
    assert "nothing failed" in dp.run(world, "retry").stdout, "retry is of the last run alone"
    killed = dp.train(world, env={"DAEDALUS_FAULT": "stage.feed_day:1:sigkill"}, program=dp.FAULTS)
    assert killed.returncode < 0 and states(world)[0] == "failed", "a run that was killed has not mended it"
    bad.unlink()
    dp.trained(world, "--target-date", DAYS[0])
    dp.trained(world, "--target-date", DAYS[1])
    assert states(world) == ["published", "published", "missing"]
    bad = add_invalid_rows(world, DAYS[0])
    assert states(world)[0] == "stale", "the old failure is forgotten"


def test_a_failure_to_compute_a_published_day_again(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[2])
    bad = add_invalid_rows(world, DAYS[2])
    assert dp.train(world, "--target-date", DAYS[2]).returncode == 3
    found = status(world)[DAYS[2]]
    assert (found["state"], found["reasons"]) == ("failed", [{"cause": "inputs changed", "names": [str(bad)]}])
    # Without the new file the old partition is what a run would make: nothing is wrong with it.
    bad.unlink()
    assert status(world)[DAYS[2]]["state"] == "published"


def test_a_file_whose_days_cant_be_listed_is_a_line(world: Path) -> None:
    dp.trained(world)
    file = corrupt(world, DAYS[2]).relative_to(world)
    found = status(world)
    # Every day was made when all files of the feed could be read, and May's days don't read the file.
    states = {day: standing["state"] for day, standing in found.items()}
    assert states == {str(file): "failed", DAYS[0]: "published", DAYS[1]: "published", DAYS[2]: "stale"}
    assert found[DAYS[2]]["reasons"] == [{"cause": "inputs changed", "names": [str(world / file)]}]
    assert found[str(file)]["error_kind"] == "input"


def test_no_day_with_data_is_an_input_error(world: Path) -> None:
    for file in (world / "data/feed").rglob("*.parquet"):
        file.unlink()
    done = dp.run(world, "status")
    assert (done.returncode, done.stdout) == (4, "")


def test_what_a_run_keeps(world: Path) -> None:
    add_invalid_rows(world, DAYS[0])
    dp.train(world, "--to", DAYS[1], "--set", "runtime.day_workers=2", "--set", "runtime.output_root=out")
    kept = json.loads((world / "out/_last_run.json").read_text())
    error = kept["days"][0].pop("error")
    assert "invalid" in error
    assert kept == {
        "config_dir": os.path.realpath(world / "config"),
        "overrides": ["runtime.day_workers=2", "runtime.output_root=out"],
        "target_date": None,
        "from": None,
        "to": DAYS[1],
        "force": False,
        "engine": "native",
        "sql_dir": "",
        "days": [
            {"day": DAYS[0], "status": "failed", "error_kind": "data check"},
            {"day": DAYS[1], "status": "published"},
        ],
        "failed_before": [],
    }
    assert states(world, "--set", "runtime.output_root=out") == ["failed", "published", "missing"]
    assert states(world) == ["missing"] * 3


def test_a_usage_error_leaves_the_last_run(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[0])
    kept = (dp.output_root(world) / "_last_run.json").read_bytes()
    assert dp.train(world, "--target-date", "2026-07-01").returncode == 2
    assert (dp.output_root(world) / "_last_run.json").read_bytes() == kept


def test_a_damaged_last_run_says_what_to_do(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[0])
    (dp.output_root(world) / "_last_run.json").write_text("{")
    done = dp.run(world, "status")
    assert (done.returncode, done.stdout) == (4, "")
    assert "_last_run.json" in done.stderr and "\n  fix: remove it" in done.stderr
    dp.trained(world, "--target-date", DAYS[0])
    assert states(world) == ["published", "missing", "missing"]
