"""`daeda check`: what it counts, what it says of sources that are not there, and the stages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import daeda_process as dp


WARNING = "warning: missing-partition: the feed has no partition before 2026-05-01, which the lookback reads: windows are shorter there\n"


def facts(text: str) -> dict[str, str]:
    """The lines "name  what was found" of a summary."""
    return dict(re.split(r" {2,}", line, maxsplit=1) for line in text.splitlines() if "  " in line)


def test_about_ten_lines_tell_what_was_checked(untouched_world: Path) -> None:
    done = dp.run(untouched_world, "check")
    assert (done.returncode, done.stderr) == (0, WARNING)
    assert len(done.stdout.splitlines()) <= 10
    assert done.stdout.endswith("\nok, with 1 warning\n")
    found = facts(done.stdout)
    assert list(found) == ["feed", "partitions", "views", "embedding pool", "days", "aggregations", "output", "SQL"]
    files = list((untouched_world / "data/feed").rglob("*.parquet"))
    assert found["feed"].startswith(f"{len(files)} files, ")
    months = sorted({path.parent.name.removeprefix("month=") for path in files})
    assert found["partitions"] == f"{len(months)}, {months[0][:4]}-{months[0][4:]} to {months[-1][:4]}-{months[-1][4:]}"
    views = len(list((untouched_world / "config/catalog/views").glob("*.yaml")))
    assert found["views"].startswith(f"{views} of {views} read: ")
    assert found["days"].endswith("lookback 7 days")
    assert not dp.output_root(untouched_world).exists()


def test_the_relations_are_listed_where_they_are_asked_for(untouched_world: Path) -> None:
    done = dp.run(untouched_world, "check", "--stages")
    assert (done.returncode, done.stderr) == (0, WARNING)
    assert re.search(r"^aggregate_pit_table|^published_rows +", done.stdout, re.M)
    assert "published_rows" not in dp.run(untouched_world, "check").stdout
    assert dp.run(untouched_world, "check", "--stages", "--sql-dir", str(dp.PROJECT_ROOT / "sql")).stdout == done.stdout


def test_sources_that_are_not_there_are_told_at_once(world: Path) -> None:
    shutil.rmtree(world / "data/feed")
    shutil.rmtree(world / "data/views/artwork_tack")
    for command in (["check"], dp.TRAIN):
        done = dp.run(world, *command)
        assert (done.returncode, done.stdout) == (4, "")
        assert "feed: no file matches data/feed/month={YYYYMM}/*.parquet" in done.stderr
        assert "view artwork_tack: no file matches data/views/artwork_tack/*.parquet" in done.stderr
        assert done.stderr.count("error: ") == 2


def test_a_configuration_is_checked_before_its_sources_are_there(world: Path) -> None:
    shutil.rmtree(world / "data")
    done = dp.run(world, "check", "--allow-missing", "--set", "warnings.absent-passthrough=ignore")
    assert (done.returncode, done.stderr) == (0, "")
    assert facts(done.stdout)["feed"].startswith("0 files, 0 B, ")
    notes = [line for line in done.stdout.splitlines() if line.startswith("note: ")]
    assert len(notes) == 2 + len(list((world / "config/catalog/views").glob("*.yaml")))
    assert all("its column types are assumed" in note for note in notes)
    assert done.stdout.endswith("\nok\n")
