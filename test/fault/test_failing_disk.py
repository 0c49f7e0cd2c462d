"""System calls that fail, of DuckDB, Arrow and ours alike: each kind of call on each file, with each error that it may give."""

from __future__ import annotations

import errno
import os
import re
from collections import Counter
from dataclasses import dataclass

import daeda_process as dp
from disturbed_run import FAILING_DISK, KILLED, Bench, Fault

# The errors that are tried of each kind of call. A lock or an exchange that the file system does not have, and a file that can't be
# removed, are no reason to fail.
ERRORS = {
    "open": [errno.EMFILE, errno.EIO],
    "read": [errno.EIO],
    "write": [errno.ENOSPC, errno.EIO],
    "sync": [errno.EIO],
    "rename": [errno.EIO],
    "exchange": [errno.EIO, errno.EINVAL],
    "mkdir": [errno.ENOSPC],
    "lock": [errno.ENOLCK],
    "remove": [errno.EIO],
}
ALL = "DAEDALUS_ALL_FAULTS" in os.environ  # every call in place of the first of its kind on each file
PRELOAD = {"LD_PRELOAD": str(FAILING_DISK)}


@dataclass(frozen=True)
class Place:
    """A call of an undisturbed run: the `nth`, from 1, of its kind on the file, whose name may differ from run to run where `*` stands."""

    op: str
    nth: int
    file: str

    def fails(self, what: int | str, codes: set[int], named: str = "", **env: str) -> Fault:
        call = {"FAILING_DISK_FAULT": f"{self.op}:{self.nth}:{what}", "FAILING_DISK_FILES": self.file}
        return Fault(f"{self.op} {self.nth} of {self.file} {what}", PRELOAD | call | env, codes, named)


def places_of(bench: Bench, env: dict[str, str], name: str) -> list[Place]:
    root, trace = bench.fresh_root(name), bench.world / f"{name}-calls"
    env = PRELOAD | {"FAILING_DISK_ROOT": str(root), "FAILING_DISK_TRACE": str(trace)} | env
    done = dp.train(bench.world, *bench.flags(root), env=env, program=dp.FAULTS)
    assert done.returncode == 0, done.stderr
    places = []
    counts: Counter[tuple[str, str]] = Counter()
    for line in trace.read_text().splitlines():
        op, path = line.split(" ", 1)
        file = re.sub(r"-\d+-[0-9a-f]{16}", "-*", path)
        counts[op, file] += 1
        if ALL or counts[op, file] == 1:
            places.append(Place(op, counts[op, file], file))
    return places


def exit_codes(place: Place) -> set[int]:
    # The map of old is an input, by definition.
    return {0, 4, 5} if place.file == "qid_map.parquet" else {0, 5}


def test_every_call_on_the_output(bench: Bench) -> None:
    """Either the day is published all the same, or the machine is to blame and the file is named."""
    chosen = places_of(bench, {}, "all-calls")
    faults = [place.fails(number, exit_codes(place)) for place in chosen for number in ERRORS[place.op]]
    problems = bench.walk(faults)
    print(f"{len(chosen)} calls, {len(faults)} errors, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])


def test_dead_at_every_call_on_the_output(bench: Bench) -> None:
    chosen = [place for place in places_of(bench, {}, "calls-to-die-at") if place.op not in ("read", "open") or ALL]
    # How often a file is opened and read is for its readers' threads to decide: only the first time is sure.
    codes = [{KILLED} if place.nth == 1 or place.op not in ("read", "open") else {0, KILLED} for place in chosen]
    problems = bench.walk([place.fails("kill", allowed) for place, allowed in zip(chosen, codes)])
    print(f"{len(chosen)} calls, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])


def test_an_input_that_cant_be_read_is_an_input_error(bench: Bench) -> None:
    feed = {"FAILING_DISK_ROOT": str(bench.world / "feed")}
    chosen = places_of(bench, feed, "feed-calls")
    assert {place.op for place in chosen} == {"open", "read"}
    # A file whose days can't be listed may still be read by the day that needs it; and see above.
    codes = [{4} if place.nth == 1 else {0, 4} for place in chosen]
    problems = bench.walk([place.fails(errno.EIO, allowed, ".parquet", **feed) for place, allowed in zip(chosen, codes)])
    print(f"{len(chosen)} calls, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])
