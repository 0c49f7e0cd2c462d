"""A world that is published by two configurations in turn, what each publishes when nothing disturbs it, and a reader who looks all the time."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import daeda_process as dp
import fault_world as fw
from disturbed_run import Bytes, of_day

Files = dict[str, bytes]
MAP = "qid_map.parquet"


def read_day(directory: Path) -> Files | None:
    """The files of one published day, or None where there is none. A directory that was exchanged while it was read is read again."""
    while True:
        try:
            opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            return None
        try:
            files = {name: read_at(opened, name) for name in os.listdir(opened)}
            if os.path.samestat(os.fstat(opened), os.stat(directory)):
                return files
        except FileNotFoundError:
            pass
        finally:
            os.close(opened)


def read_at(directory: int, name: str) -> bytes:
    with open(name, "rb", opener=lambda path, flags: os.open(path, flags, dir_fd=directory)) as file:
        return file.read()


def column(content: bytes, name: str) -> list[Any]:
    return pq.read_table(pa.BufferReader(content), columns=[name]).column(name).to_pylist()


@dataclass
class Versions:
    """`bytes[v]` is what the configuration v publishes: `before` into an empty output, `after` over that."""

    world: Path
    bytes: dict[str, Bytes] = field(default_factory=dict)
    sessions: list[str] = field(default_factory=list)  # of the map, in the order of their qids
    days: dict[str, list[Files]] = field(default_factory=dict)  # what a reader may see of a day

    @staticmethod
    def make(world: Path) -> Versions:
        fw.make_world(world)
        versions = Versions(world)
        for version, changes in {"before": fw.BEFORE, "after": fw.AFTER}.items():
            fw.configure(world, f"config-{version}", **changes)
            done = versions.run(version, world / "undisturbed")
            assert done.returncode == 0, done.stderr
            versions.bytes[version] = dp.data_bytes(world / "undisturbed", manifests=True)
        versions.sessions = column(versions.bytes["after"][MAP], "feed_session")
        for day in fw.DAYS:
            seen = [of_day(content, day) for content in versions.bytes.values()]
            versions.days[day] = [{Path(name).name: content for name, content in files.items()} for files in seen]
            assert len(seen[0]) != len(seen[1]), "who mixes the two would not be found out"
        return versions

    @staticmethod
    def flags(version: str, root: Path) -> list[str]:
        return ["--config-dir", f"config-{version}", "--set", f"runtime.output_root={root.name}"]

    def run(self, version: str, root: Path, *more: str, **how: Any) -> subprocess.CompletedProcess[str]:
        return dp.train(self.world, *self.flags(version, root), *more, **how)

    def start(self, version: str, root: Path, *more: str, **how: Any) -> subprocess.Popen[bytes]:
        return dp.start_training(self.world, *self.flags(version, root), *more, **how)

    def days_to_do(self, root: Path, version: str) -> int:
        return sum(read_day(root / f"dt={day}") != seen[list(self.bytes).index(version)] for day, seen in self.days.items())

    def unsound(self, root: Path) -> list[str]:
        """What is wrong at any instant: a day that is of neither version, a map that is no beginning of the whole one or lacks a qid in use."""
        problems = []
        used = 0
        for day in fw.DAYS:
            files = read_day(root / f"dt={day}")
            if files is not None and files not in self.days[day]:
                problems.append(f"{day} is of neither version: {sorted(files)}")
            used = max([used, *(qid for name, part in (files or {}).items() if name.startswith("part-") for qid in column(part, "qid"))])
        # After the days: it may only grow meanwhile.
        known = column((root / MAP).read_bytes(), "feed_session") if (root / MAP).exists() else []
        if known != self.sessions[: len(known)]:
            problems.append(f"the map is no beginning of the undisturbed one: {known}")
        if used > len(known):
            problems.append(f"qid {used} is published, but the map has only {len(known)}")
        return problems

    def differs(self, root: Path, version: str) -> list[str]:
        """What a finished run of all days with `version` left that an undisturbed one doesn't."""
        now = dp.data_bytes(root, manifests=True)
        expected = self.bytes[version] | ({MAP: self.bytes["after"][MAP]} if len(column(now[MAP], "qid")) == len(self.sessions) else {})
        problems = [f"{name} differs from an undisturbed run's" for name in sorted({*now, *expected}) if now.get(name) != expected.get(name)]
        left = sorted(str(path.relative_to(root)) for path in root.rglob("*") if re.search(r"_work|\.tmp-|\.owner", str(path.relative_to(root))))
        return problems + ([f"left behind: {left}"] if left else [])


class Reader(threading.Thread):
    """Reads every day over and over, with a pause of some seconds, until it is stopped."""

    def __init__(self, versions: Versions, root: Path, pause: float = 0.01) -> None:
        super().__init__()
        self.versions, self.root, self.pause = versions, root, pause
        self.seen = {day: [0, 0] for day in fw.DAYS}  # how often which version
        self.problems: list[str] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set() and not self.problems:
            self.look()
            time.sleep(self.pause)

    def look(self) -> None:
        for day, seen in self.seen.items():
            files = read_day(self.root / f"dt={day}")
            if files in self.versions.days[day]:
                seen[self.versions.days[day].index(files)] += 1
            elif files is not None:
                self.problems.append(f"a reader found {sorted(files)} of {day}, which is of neither version")
            elif any(seen):
                self.problems.append(f"a reader found nothing of {day}, which had been published")

    def __enter__(self) -> Reader:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.join()
