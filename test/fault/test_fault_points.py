"""Every named fault point of the program times every kind of failure."""

from __future__ import annotations

import errno
import re
from collections import Counter
import pytest

import daeda_process as dp
from disturbed_run import FAILING_DISK, KILLED, TARGET, Bench, Fault

EXIT_CODES = {"error": 70, "sigkill": KILLED, "sigterm": 130, "bad_alloc": 5, "enospc": 5, "eio": 5}
# What differs at a later passing of the same point is the place alone.
LATER = ["error", "sigkill"]
# Only `daeda status` and `daeda retry` miss what is written here, in a work directory of its own: the run warns and goes on.
TOLERATED = "last_run.written"
NO_EXCHANGE = {"LD_PRELOAD": str(FAILING_DISK), "FAILING_DISK_FAULT": f"exchange:*:{errno.EINVAL}"}


@pytest.fixture(scope="module")
def passed(bench: Bench) -> list[str]:
    """The points that an undisturbed run of one day over an older one passes, as the program itself says."""
    return traced(bench, "traced", {})


def traced(bench: Bench, name: str, env: dict[str, str]) -> list[str]:
    root, trace = bench.fresh_root(name), bench.world / f"{name}-points"
    env = env | {"DAEDALUS_FAULT_TRACE": str(trace), "FAILING_DISK_ROOT": str(root)}
    done = dp.train(bench.world, *bench.flags(root), env=env, program=dp.FAULTS)
    assert done.returncode == 0, done.stderr
    assert bench.unsound(root, must_be_after=True) == []
    return trace.read_text().split()


def faults_at(passed: list[str]) -> list[Fault]:
    faults = []
    passes: Counter[str] = Counter()
    for point, following in zip(passed, [*passed[1:], ""]):
        passes[point] += 1
        for kind in EXIT_CODES if passes[point] == 1 else LATER:
            exit_code = EXIT_CODES[kind]
            if TOLERATED in (point, following) and point in (TOLERATED, "work.owned") and exit_code in (5, 70):
                exit_code = 0
            # Told to stop when nothing is left to stop but the publishing itself, it does that and is done.
            codes = {exit_code} | ({0} if kind == "sigterm" and point.startswith("publish.") else set())
            fault = {"DAEDALUS_FAULT": f"{point}:{passes[point]}:{kind}"}
            faults.append(Fault(f"{point}-{passes[point]}-{kind}", fault, codes, "out of memory" if kind == "bad_alloc" else point))
    return faults


def test_every_point_of_the_source_is_passed(bench: Bench, passed: list[str]) -> None:
    named = set()
    for source in (dp.PROJECT_ROOT / "src").rglob("*.[ch]*"):
        named |= set(re.findall(r'fault_point\("([^"]+)"', source.read_text()))
    assert {"stage.", "publish.exchanged"} < named, "the source was not understood"
    all_passed = {*passed, *traced(bench, "two-renames", NO_EXCHANGE)}
    assert [name for name in sorted(named) if not any(point.startswith(name) for point in all_passed)] == []


def test_every_fault_at_every_point(bench: Bench, passed: list[str]) -> None:
    faults = faults_at(passed)
    problems = bench.walk(faults)
    print(f"{len(set(passed))} points, passed {len(passed)} times; {len(faults)} faults, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])


@pytest.mark.parametrize("kind", EXIT_CODES)
def test_a_file_system_that_cant_exchange_names(bench: Bench, kind: str) -> None:
    """Between the two renames the day is away; who stops there puts it back, at once or, killed, by the next command."""
    root = bench.fresh_root(f"aside-{kind}")
    env = NO_EXCHANGE | {"FAILING_DISK_ROOT": str(root), "DAEDALUS_FAULT": f"publish.aside:1:{kind}"}
    done = dp.train(bench.world, *bench.flags(root), env=env, program=dp.FAULTS)
    assert done.returncode == (0 if kind == "sigterm" else EXIT_CODES[kind])
    assert (root / f"dt={TARGET}").exists() == (kind != "sigkill")
    dp.run(bench.world, "clean", "--set", f"runtime.output_root={root.name}")
    assert bench.unsound(root, must_be_after=kind == "sigterm") == []
    assert not (root / "_work").exists()
