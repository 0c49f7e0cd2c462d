"""One run that is disturbed, and all that must hold afterwards: see `Bench.problems_of`."""

from __future__ import annotations

import os
import re
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable

import daeda_process as dp
import fault_world as fw

FAILING_DISK = dp.FAULTS.with_name("failing_disk.so")
TARGET = fw.DAYS[1]
KILLED = -signal.SIGKILL
Bytes = dict[str, bytes]


@dataclass
class Fault:
    """What is done to a run of the day `TARGET`, the exit codes that it may have, and what an error has to name."""

    name: str
    env: dict[str, str]
    exit_codes: set[int]
    named: str = ""


@dataclass
class Bench:
    """A world whose days are published with `BEFORE`, and what they are after a run of `TARGET` with `AFTER` that nothing disturbs."""

    world: Path
    before: Bytes
    after: Bytes

    @staticmethod
    def make(world: Path) -> Bench:
        fw.make_world(world)
        dp.trained(world, "--set", "runtime.output_root=before")
        fw.configure(world, **fw.AFTER)
        bench = Bench(world, dp.data_bytes(world / "before", manifests=True), {})
        dp.trained(world, *bench.flags(bench.fresh_root("after")))
        bench.after = dp.data_bytes(world / "after", manifests=True)
        changed = {name for name in bench.after if bench.after[name] != bench.before.get(name)}
        assert {name.split("/")[0] for name in changed} == {f"dt={TARGET}", "qid_map.parquet"}
        return bench

    def fresh_root(self, name: str) -> Path:
        return Path(shutil.copytree(self.world / "before", self.world / name))

    @staticmethod
    def flags(root: Path) -> list[str]:
        return ["--target-date", TARGET, "--set", f"runtime.output_root={root.name}"]

    def problems_of(self, fault: Fault, program: Path = dp.FAULTS) -> list[str]:
        """Runs `TARGET` with the fault over a day of before, then again without; [] when all is as it must be."""
        root = self.fresh_root(re.sub(r"[^\w.]+", "-", fault.name))
        problems = self.problems_at(root, fault, program=program)
        shutil.rmtree(root)
        return problems

    def problems_at(self, root: Path, fault: Fault, repair: Callable[[], object] = lambda: None, program: Path = dp.FAULTS) -> list[str]:
        """The same of an output that is there already; what `repair` does comes before the second run."""
        done = dp.train(self.world, *self.flags(root), env={"FAILING_DISK_ROOT": str(root)} | fault.env, program=program)
        said = done.stdout + done.stderr
        problems = []
        if done.returncode not in fault.exit_codes:
            problems.append(f"exit code {done.returncode}, not one of {sorted(fault.exit_codes)}")
        if done.returncode not in (0, 130, KILLED) and (fault.named or root.name) not in said:
            problems.append(f"nothing names {fault.named or root.name}")
        problems += self.unsound(root, must_be_after=done.returncode == 0)
        repair()
        again = dp.train(self.world, *self.flags(root))
        if again.returncode != 0:
            problems.append(f"the next run ends with {again.returncode}: {again.stderr}")
        elif dp.data_bytes(root, manifests=True) != self.after:
            problems.append("after the next run the bytes are not those of an undisturbed one")
        if left := sorted(path.name for path in root.iterdir() if path.name == "_work" or ".tmp-" in path.name):
            problems.append(f"after the next run {left} is still there")
        return [f"{fault.name}: {problem}\n{said}" for problem in problems]

    def unsound(self, root: Path, must_be_after: bool) -> list[str]:
        """What a reader of `root` would find that is neither before nor after."""
        now = dp.data_bytes(root, manifests=True)
        problems = []
        for day in fw.DAYS:
            allowed = [of_day(self.after, day)] + ([] if must_be_after else [of_day(self.before, day)])
            if of_day(now, day) not in allowed:
                problems.append(f"{day} is neither the old day nor the new one: {sorted(of_day(now, day))}")
        if now.get("qid_map.parquet") not in (self.before["qid_map.parquet"], self.after["qid_map.parquet"]):
            problems.append("qid_map.parquet is neither the old one nor the new one")
        if of_day(now, TARGET) == of_day(self.after, TARGET) and now.get("qid_map.parquet") != self.after["qid_map.parquet"]:
            problems.append("the new day is there without its qids")
        return problems

    def walk(self, faults: Iterable[Fault], program: Path = dp.FAULTS) -> list[str]:
        """The problems of all these faults; several at a time, since a run waits for the disk as long as it computes."""
        with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
            return [problem for problems in pool.map(lambda fault: self.problems_of(fault, program), faults) for problem in problems]


def of_day(data: Bytes, day: str) -> Bytes:
    return {name: content for name, content in data.items() if name.startswith(f"dt={day}/")}
