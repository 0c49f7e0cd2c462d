"""run_skeleton_stage() and read_day(): as the program, and stopped by Ctrl-C."""

from __future__ import annotations

import datetime
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import daeda_process as dp
import daedalus
from python_world import DAYS, another_thread_runs_during


def test_publishes_the_bytes_of_the_program(world: Path, config: daedalus.Config) -> None:
    report = daedalus.run_skeleton_stage(config)
    assert (report.exit_code, [each.status for each in report.days]) == (0, ["published"] * 3)
    dp.trained(world)
    dp.assert_same_data(dp.data_bytes(config.output_root), dp.data_bytes(dp.output_root(world)))
    for day in report.days:
        expected = dp.rows(dp.output_root(world), day.day)
        assert daedalus.read_day(config.output_root, day.day).to_pylist() == expected
        steps = dp.manifest(dp.output_root(world), day.day)["row_accounting"]
        assert [vars(step) for step in day.row_accounting] == steps
        assert (day.rows_out, day.error, day.error_code) == (len(expected), "", None)
    again = daedalus.run_skeleton_stage(config)
    assert [each.status for each in again.days] == ["up to date"] * 3


def test_computes_the_days_that_are_named(config: daedalus.Config) -> None:
    wanted = [datetime.date(2026, 5, 15), "2026-05-13", datetime.datetime(2026, 5, 13, 7)]
    report = daedalus.run_skeleton_stage(config, wanted, day_workers=2)
    assert [each.day for each in report.days] == ["2026-05-13", "2026-05-15"]
    assert dp.published_days(config.output_root) == ["2026-05-13", "2026-05-15"]
    more = daedalus.run_skeleton_stage(config, ["2026-05-13", "2026-05-12"])
    assert [each.day for each in more.days] == ["2026-05-13"]
    assert any("2026-05-12" in warning.text for warning in more.warnings)


def test_a_day_that_cannot_be_computed_is_an_error_that_names_it(config: daedalus.Config) -> None:
    with pytest.raises(daedalus.ConfigError, match="2026-01-01 lies outside") as outside:
        daedalus.run_skeleton_stage(config, "2026-01-01")
    assert outside.value.exit_code == 2
    with pytest.raises(daedalus.InputError, match="no row on 2026-05-12") as empty:
        daedalus.run_skeleton_stage(config, "2026-05-12")
    assert "2026-05-13" in empty.value.problems[0].fix
    with pytest.raises(daedalus.ConfigError, match="'15.5.2026' is no day"):
        daedalus.run_skeleton_stage(config, "15.5.2026")
    with pytest.raises(daedalus.ConfigError, match="holds no day"):
        daedalus.run_skeleton_stage(config, [])


def test_a_failed_day_is_in_the_report(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(world, tmp_path / "world"))
    nobodys = "SELECT NULL::VARCHAR AS user_id, 'a' AS artwork_id, 'like' AS event, TIMESTAMP '2026-05-14 12:00' AS event_timestamp FROM range(30)"
    duckdb.sql(nobodys).write_parquet("data/feed/month=202605/nobody.parquet")
    report = daedalus.run_skeleton_stage(daedalus.load_config("config"))
    assert [day.status for day in report.days] == ["published", "failed", "published"]
    assert report.exit_code == 1
    failed = report.days[1]
    assert failed.error_code == 3 and "max_invalid_fraction" in failed.error
    assert (failed.rows_out, failed.row_accounting) == (0, [])


def test_progress_is_told_of_every_stage(config: daedalus.Config) -> None:
    heard: list[daedalus.Progress] = []
    daedalus.run_skeleton_stage(config, DAYS[:2], progress=heard.append)
    assert heard[0].kind == "run_started" and heard[0].details["days"] == 2
    for day in DAYS[:2]:
        stages = [each.stage for each in heard if each.kind == "stage_finished" and each.day == day]
        assert stages[0] == "feed_day" and stages[-2:] == ["aggregate_pit_table", "publish"]
        assert len(stages) == heard[0].details["stages_per_day"]
    assert [each.status for each in heard if each.kind == "day_finished"] == ["published"] * 2


def test_what_progress_raises_stops_the_run(config: daedalus.Config) -> None:
    def refuse(progress: daedalus.Progress) -> None:
        if progress.stage == "rolling_events":
            raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        daedalus.run_skeleton_stage(config, progress=refuse)
    assert dp.published_days(config.output_root) == []
    assert daedalus.run_skeleton_stage(config).exit_code == 0, "the process can't go on after an interrupted run"


def test_other_threads_go_on_during_a_run(config: daedalus.Config) -> None:
    def call() -> tuple[float, float]:
        times: dict[str, float] = {}

        def note(progress: daedalus.Progress) -> None:
            if progress.stage == "aggregate_pit_table":
                times[progress.kind] = time.monotonic()

        daedalus.run_skeleton_stage(config, DAYS[0], force=True, progress=note)
        return times["stage_started"], times["stage_finished"]

    assert another_thread_runs_during(call)


INTERRUPTED = """
import sys, daedalus
config = daedalus.load_config("config", [f"runtime.output_root={sys.argv[1]}"])
def tell(each):
    if each.stage == "rolling_events": print("begun", flush=True)
    if each.kind == "day_started" and each.day == sys.argv[2]: sys.stdin.read()
try:
    daedalus.run_skeleton_stage(config, progress=tell)
except KeyboardInterrupt:
    print("interrupted", daedalus.run_skeleton_stage(config).exit_code, flush=True)
"""


def test_ctrl_c_stops_a_run_cleanly(world: Path, tmp_path: Path) -> None:
    """Wherever it is; it does not begin its last day before it was interrupted."""
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path / "out"), DAYS[-1]],
        cwd=world, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    os.kill(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=dp.TIME_LIMIT_S)
    assert rest.splitlines()[-1] == "interrupted 0"
    assert dp.published_days(tmp_path / "out") == DAYS
    assert not list((tmp_path / "out/_work").glob("*")), "the interrupted run left something"


def test_read_day_names_what_is_published(world: Path, config: daedalus.Config, tmp_path: Path) -> None:
    with pytest.raises(daedalus.InputError, match="no day is"):
        daedalus.read_day(config.output_root, "2026-05-15")
    daedalus.run_skeleton_stage(config, "2026-05-15")
    assert isinstance(daedalus.read_day(str(config.output_root), datetime.date(2026, 5, 15)), pa.Table)
    with pytest.raises(daedalus.InputError, match="2026-05-14 is not published .* 1 days of 2026-05-15"):
        daedalus.read_day(config.output_root, "2026-05-14")
    shutil.copytree(config.output_root, tmp_path / "damaged")
    (tmp_path / "damaged/dt=2026-05-15/part-0-0.parquet").write_bytes(b"PAR1")
    with pytest.raises(daedalus.InputError, match="can't be read"):
        daedalus.read_day(tmp_path / "damaged", "2026-05-15")
