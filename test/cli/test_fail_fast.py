"""`--keep-going`, the default, and `--fail-fast`: what becomes of the days after one that failed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import daeda_process as dp
from failing import add_invalid_rows, corrupt

DAYS = ["2026-05-30", "2026-05-31", "2026-06-01"]


def statuses(stdout: str) -> list[str]:
    return re.findall(r"^2026-\d\d-\d\d .* {2}(\w+(?: \w+)*)$", stdout, re.M)


@pytest.mark.parametrize("flags", [[], ["--keep-going"]], ids=" ".join)
def test_a_failed_day_stops_no_other(world: Path, flags: list[str]) -> None:
    add_invalid_rows(world, DAYS[1])
    done = dp.train(world, *flags)
    assert (done.returncode, statuses(done.stdout)) == (1, ["published", "failed", "published"])


def test_no_day_begins_after_a_failed_one(world: Path) -> None:
    bad = add_invalid_rows(world, DAYS[1])
    done = dp.train(world, "--fail-fast")
    assert (done.returncode, statuses(done.stdout)) == (1, ["published", "failed", "not run"])
    assert "3 days: 1 published, 1 failed, 1 not run; wrote" in done.stdout
    assert f"{DAYS[2]}  not run\n" in done.stderr and f"{DAYS[2]}  to compute" not in done.stderr
    root = dp.output_root(world)
    assert dp.published_days(root) == [DAYS[0]]
    assert [day["status"] for day in json.loads((root / "_last_run.json").read_text())["days"]] == ["published", "failed", "not run"]
    bad.unlink()
    assert statuses(dp.trained(world, "--fail-fast").stdout)[1:] == ["published", "published"]


def test_days_that_were_not_run_have_no_cause_of_their_own(world: Path) -> None:
    add_invalid_rows(world, DAYS[0])
    done = dp.train(world, "--fail-fast")
    assert (done.returncode, statuses(done.stdout)) == (3, ["failed", "not run", "not run"])


def test_days_that_are_up_to_date_are_no_matter(world: Path) -> None:
    dp.trained(world, "--target-date", DAYS[0])
    add_invalid_rows(world, DAYS[2])
    done = dp.train(world, "--fail-fast")
    assert (done.returncode, statuses(done.stdout)) == (1, ["up to date", "published", "failed"])


def test_a_day_that_runs_beside_it_goes_on(world: Path) -> None:
    """Neither of the two days goes on, and fails, before both have begun."""
    add_invalid_rows(world, DAYS[0])
    both = {"DAEDALUS_FAULT": "stage.feed_day:2:meet"}
    done = dp.train(world, "--fail-fast", "--day-workers", "2", env=both, program=dp.FAULTS)
    assert done.returncode == 1
    assert statuses(done.stdout) == ["failed", "published", "not run"]


def test_a_file_whose_days_cant_be_listed_is_a_failed_day(world: Path) -> None:
    corrupt(world, DAYS[2])
    done = dp.train(world, "--fail-fast")
    assert (done.returncode, statuses(done.stdout)) == (4, ["not run", "not run"])
    assert dp.published_days(dp.output_root(world)) == []
