"""SIGKILL at random instants, over and over, while somebody reads. DAEDALUS_KILLS says how many, DAEDALUS_SEED repeats the choices."""

from __future__ import annotations

import os
import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from disturbed_run import KILLED
from two_versions import Reader, Versions

KILLS = int(os.environ.get("DAEDALUS_KILLS", "200"))
LIVES = 2 * (os.cpu_count() or 1)


@dataclass
class Life:
    """What an output went through."""

    kills: int = 0
    completions: int = 0
    reads: int = 0
    problems: list[str] = field(default_factory=list)


def live(versions: Versions, root: Path, kills: int, rng: random.Random, reader_pause: float) -> Life:
    """Runs both versions in turn into an empty output, each again until it is done; so many of the runs are killed."""
    start = time.monotonic()
    versions.run("before", root.with_name(f"{root.name}-timed"))
    duration = time.monotonic() - start
    life = Life()
    version, since_done = "before", 0
    with Reader(versions, root, reader_pause) as reader:
        while not (life.kills >= kills and life.completions >= 2) and not life.problems:
            # Of what is left to do; longer the longer nothing gets done, in case that the machine has become slower.
            share = (1 + versions.days_to_do(root, version)) / (1 + len(versions.days))
            at = rng.uniform(0, duration * share * (1 + since_done / 10)) if life.kills < kills else None
            start = time.monotonic()
            process = versions.start(version, root, "--day-workers", rng.choice("12"))
            try:
                process.wait(at)
            except subprocess.TimeoutExpired:
                process.kill()
            exit_code = process.wait()
            took = time.monotonic() - start
            if exit_code == KILLED:
                life.kills += 1
                since_done += 1
                life.problems += versions.unsound(root) if root.exists() else []
                continue
            if exit_code != 0:
                life.problems.append(f"a run that nobody killed ends with {exit_code}")
            life.problems += versions.differs(root, version)
            life.completions += 1
            reader.look()  # at this version, in case that the thread was too slow for it
            duration = took / share
            version, since_done = "after" if version == "before" else "before", 0
    life.problems += reader.problems
    if not life.problems and not all(all(seen) for seen in reader.seen.values()):
        life.problems.append(f"the reader has not seen both versions of each day: {reader.seen}")
    life.reads = sum(sum(seen) for seen in reader.seen.values())
    return life


def test_killed_at_random_instants(versions: Versions) -> None:
    seed = int(os.environ.get("DAEDALUS_SEED", random.randrange(2**32)))
    print(f"DAEDALUS_SEED={seed}")
    shares = [KILLS // LIVES + (i < KILLS % LIVES) for i in range(LIVES)]
    # One reader hardly rests; all of them would leave no processor to the runs.
    pauses = [0.001 if i == 0 else 0.01 for i in range(LIVES)]
    with ThreadPoolExecutor(LIVES) as pool:
        lives = list(pool.map(lambda i: live(versions, versions.world / f"life-{i}", shares[i], random.Random(seed + i), pauses[i]), range(LIVES)))
    problems = [problem for life in lives for problem in life.problems]
    kills, completions, reads = (sum(getattr(life, what) for life in lives) for what in ("kills", "completions", "reads"))
    print(f"{kills} kills, {completions} runs completed, {reads} whole days read meanwhile, {len(problems)} problems")
    assert problems == [], "\n".join(problems[:5])
    assert kills == KILLS
