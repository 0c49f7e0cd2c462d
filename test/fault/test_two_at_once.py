"""Two runs on one output at the same time: of the same days, of different days, of two configurations; one of them killed; while a third cleans up.

DAEDALUS_ROUNDS says how often each, DAEDALUS_SEED repeats the choices."""

from __future__ import annotations

import errno
import itertools
import os
import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable

import pytest

import daeda_process as dp
import fault_world as fw
from disturbed_run import FAILING_DISK, KILLED, Bytes
from two_versions import Reader, Versions

ROUNDS = int(os.environ.get("DAEDALUS_ROUNDS", "6"))
Round = Callable[[Path, random.Random], list[str]]


@pytest.fixture(params=["flock", "links"])
def env(request: pytest.FixtureRequest, versions: Versions) -> dict[str, str]:
    """With the locks of the kernel, and on a file system that has none."""
    if request.param == "flock":
        return {}
    return {"LD_PRELOAD": str(FAILING_DISK), "FAILING_DISK_ROOT": str(versions.world), "FAILING_DISK_FAULT": f"lock:*:{errno.ENOLCK}"}


def rounds(versions: Versions, request: pytest.FixtureRequest, one: Round) -> None:
    seed = int(os.environ.get("DAEDALUS_SEED", random.randrange(2**32)))
    names = [versions.world / f"{request.node.name.translate(str.maketrans('[]', '--'))}{i}" for i in range(ROUNDS)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda i: one(names[i], random.Random(seed + i)), range(ROUNDS)))
    problems = [f"{name.name}: {problem}" for name, problems in zip(names, found) for problem in problems]
    print(f"DAEDALUS_SEED={seed}: {ROUNDS} rounds, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])


def outcome(process: subprocess.Popen[bytes], allowed: set[int] = {0}) -> list[str]:
    exit_code = process.wait(dp.TIME_LIMIT_S)
    return [] if exit_code in allowed else [f"a run ends with {exit_code}"]


def test_the_same_days(versions: Versions, env: dict[str, str], request: pytest.FixtureRequest) -> None:
    def one(root: Path, rng: random.Random) -> list[str]:
        both = [versions.start("before", root, "--day-workers", rng.choice("12"), env=env) for _ in range(2)]
        while both[0].poll() is None:
            dp.run(versions.world, "clean", "--set", f"runtime.output_root={root.name}", env=env)
        return outcome(both[0]) + outcome(both[1]) + versions.differs(root, "before")

    rounds(versions, request, one)


def test_two_configurations(versions: Versions, env: dict[str, str], request: pytest.FixtureRequest) -> None:
    def one(root: Path, rng: random.Random) -> list[str]:
        versions.run("before", root)
        with Reader(versions, root) as reader:
            both = [versions.start(version, root, "--force", env=env) for version in rng.sample(["before", "after"], 2)]
            problems = outcome(both[0]) + outcome(both[1]) + versions.unsound(root)
            versions.run("after", root, env=env)
        return problems + reader.problems + versions.differs(root, "after")

    rounds(versions, request, one)


def test_one_is_killed(versions: Versions, env: dict[str, str], request: pytest.FixtureRequest) -> None:
    def one(root: Path, rng: random.Random) -> list[str]:
        victim, other = (versions.start("before", root, env=env) for _ in range(2))
        try:
            victim.wait(rng.uniform(0, 1))
        except subprocess.TimeoutExpired:
            victim.kill()
        problems = outcome(victim, {0, KILLED}) + outcome(other) + versions.unsound(root)
        # Without locks, who is killed before it has written its name is known by that alone.
        for nameless in root.glob("_work/*.owner"):
            os.utime(nameless, (time.time() - 7200,) * 2)
        done = versions.run("before", root, env=env)
        return problems + ([done.stderr] if done.returncode != 0 else []) + versions.differs(root, "before")

    rounds(versions, request, one)


@pytest.fixture(scope="module")
def one_after_the_other(versions: Versions) -> list[Bytes]:
    """What single runs of the days leave, in each order that has the first day before the second."""
    left = []
    for order in itertools.permutations(fw.DAYS):
        if order.index(fw.DAYS[0]) < order.index(fw.DAYS[1]):
            root = versions.world / "-".join(order)
            for day in order:
                versions.run("after", root, "--target-date", day)
            left.append(dp.data_bytes(root, manifests=True))
    assert len({content["qid_map.parquet"] for content in left}) == 3, "the orders can't be told apart"
    return left


def test_different_days(versions: Versions, env: dict[str, str], one_after_the_other: list[Bytes], request: pytest.FixtureRequest) -> None:
    """Whoever comes first: each session has one number, and what is left is what some order of single days leaves."""

    def one(root: Path, rng: random.Random) -> list[str]:
        shares = [["--from", fw.DAYS[0], "--to", fw.DAYS[1]], ["--target-date", fw.DAYS[2]]]
        both = [versions.start("after", root, *share, env=env) for share in rng.sample(shares, 2)]
        problems = outcome(both[0]) + outcome(both[1])
        same = dp.data_bytes(root, manifests=True) in one_after_the_other
        return problems if same else [*problems, "this is what no order of single days leaves"]

    rounds(versions, request, one)
