"""System calls that fail, of DuckDB, Arrow and ours alike: each kind of call on each file, with each error that it may give."""

from __future__ import annotations

import errno
import os
import re
from collections import Counter

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


def calls_of(bench: Bench, env: dict[str, str], name: str) -> list[tuple[str, str]]:
    """The calls of an undisturbed run, each as what it does and the file, without what differs from run to run in its name."""
    root, trace = bench.fresh_root(name), bench.world / f"{name}-calls"
    env = PRELOAD | {"FAILING_DISK_ROOT": str(root), "FAILING_DISK_TRACE": str(trace)} | env
    done = dp.train(bench.world, *bench.flags(root), env=env, program=dp.FAULTS)
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ", 1) for line in trace.read_text().splitlines()]
    return [(op, re.sub(r"-\d+-[0-9a-f]{16}", "", path)) for op, path in lines]


def places(calls: list[tuple[str, str]]) -> list[tuple[str, int, str]]:
    """Each kind of call, its place among those of its kind, and its file."""
    chosen = []
    seen: set[tuple[str, str]] = set()
    counts: Counter[str] = Counter()
    for op, path in calls:
        counts[op] += 1
        if ALL or (op, path) not in seen:
            chosen.append((op, counts[op], path))
        seen.add((op, path))
    return chosen


def disk_fault(op: str, nth: int, what: int | str, codes: set[int], named: str = "", **env: str) -> Fault:
    return Fault(f"{op}-{nth}-{what}", PRELOAD | {"FAILING_DISK_FAULT": f"{op}:{nth}:{what}"} | env, codes, named)


def exit_codes(path: str) -> set[int]:
    # The map of old is an input, by definition.
    return {0, 4, 5} if re.search(r"all-calls/qid_map.parquet$", path) else {0, 5}


def test_every_call_on_the_output(bench: Bench) -> None:
    """Either the day is published all the same, or the machine is to blame and the file is named."""
    chosen = places(calls_of(bench, {}, "all-calls"))
    faults = [disk_fault(op, nth, number, exit_codes(path)) for op, nth, path in chosen for number in ERRORS[op]]
    problems = bench.walk(faults)
    print(f"{len(chosen)} calls, {len(faults)} errors, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])


def test_dead_at_every_call_on_the_output(bench: Bench) -> None:
    chosen = [(op, nth) for op, nth, _ in places(calls_of(bench, {}, "calls-to-die-at")) if op not in ("read", "open") or ALL]
    problems = bench.walk([disk_fault(op, nth, "kill", {KILLED}) for op, nth in chosen])
    print(f"{len(chosen)} calls, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])


def test_an_input_that_cant_be_read_is_an_input_error(bench: Bench) -> None:
    feed = {"FAILING_DISK_ROOT": str(bench.world / "feed")}
    chosen = places(calls_of(bench, feed, "feed-calls"))
    assert {op for op, _, _ in chosen} == {"open", "read"}
    problems = bench.walk([disk_fault(op, nth, errno.EIO, {4}, ".parquet", **feed) for op, nth, _ in chosen])
    assert problems == [], "\n".join(problems[:5])
