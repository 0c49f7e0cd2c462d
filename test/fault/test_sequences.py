"""Random sequences of run, kill, fault, rerun, change of configuration, change of input, two at once, clean, against a model of what must be
published and what `daeda status` must say of it.

By Hypothesis' state machines and not by RapidCheck, which the unit tests use: a step is a whole process that may die. What it finds is
printed step by step; it is not made shorter, since the instant of a kill can't be repeated. DAEDALUS_SEQUENCES says how many."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from itertools import combinations
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import daeda_process as dp
import fault_world as fw
from disturbed_run import KILLED
from published_model import PublishedModel, Row
from two_versions import MAP, column

SEQUENCES = int(os.environ.get("DAEDALUS_SEQUENCES", "25"))
STEPS = 12
ranges = st.sampled_from([(first, last) for first in range(3) for last in range(first, 3)]).map(lambda ends: fw.DAYS[ends[0] : ends[1] + 1])
workers = st.sampled_from("12")
# Each at a step of its own: before the map, with the map extended, before and after the exchange.
points = st.sampled_from(["stage.feed_day", "qid_map.locked", "qid_map.written", "qid_map.replaced", "publish.staged", "publish.exchanged"])
kinds = st.sampled_from(["error", "enospc", "eio", "bad_alloc", "sigterm", "sigkill"])
Made = dict[str, tuple[int, int]]


def flags(days: list[str], workers: str = "1") -> list[str]:
    return ["--from", days[0], "--to", days[-1], "--day-workers", workers]


class Sequences(RuleBasedStateMachine):
    steps = 0
    kills = 0
    duration = 1.0  # of a run of three days, in seconds

    @initialize()
    def begin(self) -> None:
        self.directory = tempfile.TemporaryDirectory(prefix="sequences-")
        self.world = Path(self.directory.name) / "world"
        fw.make_world(self.world)
        self.model = PublishedModel()
        self.root = self.world / "output"
        self.may_be_failed: set[str] = set()

    def teardown(self) -> None:
        self.directory.cleanup()

    @rule(days=ranges, workers=workers, force=st.booleans())
    def run(self, days: list[str], workers: str, force: bool) -> None:
        todo = days if force else self.model.stale(days)
        before = self.made()
        start = time.monotonic()
        done = dp.train(self.world, *flags(days, workers), *(["--force"] if force else []))
        assert done.returncode == 0, done.stderr
        if len(todo) == 3:
            Sequences.duration = time.monotonic() - start
        self.all_published(days, todo)
        assert [day for day, made in self.made().items() if made != before.get(day)] == todo, "only what is stale is computed"

    @rule(days=ranges, workers=workers, share=st.integers(0, 100))
    def kill(self, days: list[str], workers: str, share: int) -> None:
        before = self.made()
        process = dp.start_training(self.world, *flags(days, workers), "--force")
        self.kill_after(process, share * len(days) / 300)
        exit_code = process.wait()
        assert exit_code in (0, KILLED)
        self.some_published(days, before)

    @rule(days=ranges, workers=workers, point=points, kind=kinds)
    def fault(self, days: list[str], workers: str, point: str, kind: str) -> None:
        before = self.made()
        todo = self.model.stale(days)
        done = dp.train(self.world, *flags(days, workers), env={"DAEDALUS_FAULT": f"{point}:1:{kind}"}, program=dp.FAULTS)
        assert done.returncode in {0, 1, 5, 70, 130, KILLED}, done.stderr
        assert todo or done.returncode == 0, "nothing to do, nothing to fail"
        new = self.some_published(todo, before)
        if kind not in ("sigterm", "sigkill"):
            assert len(new) >= len(todo) - 1, "a day's failure takes no other with it"
        self.may_be_failed |= set(todo)

    @rule(one=ranges, other=ranges, force=st.booleans(), share=st.none() | st.integers(0, 100))
    def two_at_once(self, one: list[str], other: list[str], force: bool, share: int | None) -> None:
        """The second is killed, unless `share` is None."""
        before = self.made()
        todo = fw.DAYS if force else self.model.stale(fw.DAYS)
        first, second = (dp.start_training(self.world, *flags(days), *(["--force"] if force else [])) for days in (one, other))
        if share is not None:
            self.kill_after(second, share / 100)
        exit_codes = first.wait(dp.TIME_LIMIT_S), second.wait(dp.TIME_LIMIT_S)
        assert exit_codes[0] == 0 and exit_codes[1] in (0, KILLED)
        attempted = [day for day in todo if day in one or day in other]
        known = self.map()
        assert known[: len(self.model.sessions)] == self.model.sessions, "a session keeps its number"
        assert sorted(known) == sorted(set(known)), "a session has one number"
        assert set(known) <= set(self.model.with_sessions_of(attempted))
        self.model.sessions = known
        must = one + (other if exit_codes[1] == 0 else [])
        for day in attempted:
            if day in must or self.made().get(day) != before.get(day):
                self.model.publish(day)

    @rule(hidden=st.sampled_from(["ben", "eve"]))
    def change_config(self, hidden: str) -> None:
        fw.configure(self.world, content_filter=[{"user_id": hidden}])
        self.model.hidden = hidden

    @rule(day=st.sampled_from(fw.DAYS), rows=st.sampled_from([fw.ROWS_PER_DAY, 13]))
    def change_input(self, day: str, rows: int) -> None:
        fw.write_feed(self.world, day, rows)
        self.model.rows_in[day] = rows
        self.model.changes += 1

    @rule()
    def clean(self) -> None:
        assert dp.run(self.world, "clean").returncode == 0
        assert not (self.root / "_work").exists() and list(self.root.glob("*.tmp-*")) == []

    @invariant()
    def what_is_published_is_what_must_be(self) -> None:
        if not hasattr(self, "model"):
            return
        Sequences.steps += 1
        known = self.map()
        assert known == self.model.sessions
        assert dp.published_days(self.root) == sorted(self.model.published)
        for day, published in self.model.published.items():
            assert self.rows(day) == [with_qid(row, known) for row in published.rows], day

    @invariant()
    def status_says_so(self) -> None:
        if not hasattr(self, "model"):
            return
        done = dp.run(self.world, "status", "--json")
        assert done.returncode == 0, done.stderr
        stale = self.model.stale(fw.DAYS)
        for standing in json.loads(done.stdout):
            day = standing["day"]
            expected = "published" if day not in stale else "stale" if day in self.model.published else "missing"
            assert standing["state"] == expected or (standing["state"] == "failed" and day in stale and day in self.may_be_failed)

    def all_published(self, days: list[str], todo: list[str]) -> None:
        self.model.sessions = self.model.with_sessions_of(todo)
        for day in todo:
            self.model.publish(day)
        self.may_be_failed -= set(days)

    def some_published(self, todo: list[str], before: Made) -> list[str]:
        """Of a run that was stopped: any of the days may be new, and the map is as these and maybe more, in order, have left it."""
        known = self.map()
        new = [day for day in todo if self.made().get(day) != before.get(day)]
        some = [list(days) for n in range(len(todo) + 1) for days in combinations(todo, n)]
        assert known in [self.model.with_sessions_of(days) for days in some if set(new) <= set(days)]
        self.model.sessions = known
        for day in new:
            self.model.publish(day)
        return new

    def kill_after(self, process: subprocess.Popen[bytes], share: float) -> None:
        try:
            process.wait(share * self.duration)
        except subprocess.TimeoutExpired:
            process.kill()
            Sequences.kills += 1

    def made(self) -> Made:
        """What tells that a day was made anew, though its bytes may be the same."""
        return {day: (stat.st_ino, stat.st_mtime_ns) for day in dp.published_days(self.root) for stat in [(self.root / f"dt={day}/_manifest.json").stat()]}

    def map(self) -> list[str]:
        return column((self.root / MAP).read_bytes(), "feed_session") if (self.root / MAP).exists() else []

    def rows(self, day: str) -> list[Row]:
        return dp.rows(self.root, day, ["user_id", "artwork_id", "event_timestamp", "event", "likes_7d", "liked_7d", "qid"])


def with_qid(row: Row, known: list[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "feed_session"} | {"qid": known.index(row["feed_session"]) + 1}


def test_any_sequence() -> None:
    run_state_machine_as_test(
        Sequences,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{SEQUENCES} sequences, {Sequences.steps} steps, {Sequences.kills} kills")
