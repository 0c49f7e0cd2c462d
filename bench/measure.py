"""Measures processes: wall time, peak memory, and when each line was printed; and has contestants take turns.

The kernel counts the parent's peak towards a child's. So this process stays small: everything that handles data, also
what is not measured, is a process of its own.
"""

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


class Failed(Exception):
    """A process that did not end well."""


class TooSlow(Exception):
    """A process that was stopped."""


@dataclass
class Finished:
    """A process that ended well."""

    seconds: float
    peak_mib: float
    lines: list[tuple[float, str]]  # stdout and stderr, each with the seconds since the start


def run(command: list[str], cwd: str | None = None, timeout: float | None = None) -> Finished:
    """Runs a process to its end, with those that it starts and waits for."""
    os.sync()  # what others have written is not to be waited for
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(timeout, stop) if timeout else None
    try:
        if timer:
            timer.start()
        lines = [(time.monotonic() - start, line.rstrip("\n")) for line in process.stdout]
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        if timer:
            timer.cancel()
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if stopped.is_set():
        raise TooSlow
    if process.returncode != 0:
        tail = "\n".join(line for _, line in lines[-20:])
        raise Failed(f"{' '.join(command)}\nended with {process.returncode}:\n{tail}")
    return Finished(seconds, usage.ru_maxrss / 1024, lines)


@dataclass
class Sample:
    """One run of a contestant; `rolling` is the part of the rolling step."""

    seconds: float
    peak_mib: float
    rolling: float | None = None


@dataclass
class Contestant:
    """Something to be timed; `check` looks at the result of its first run, and raises Failed."""

    name: str
    group: str
    run: Callable[[], Sample]
    check: Callable[[], None] = lambda: None
    checked: str = ""  # how


@dataclass
class Result:
    """What a contestant has shown; without samples it was stopped, and its medians are the time it had."""

    name: str
    group: str
    checked: str
    timeout: float
    samples: list[Sample] = field(default_factory=list)

    def stopped(self) -> bool:
        return not self.samples

    def seconds(self) -> float:
        return self._median([sample.seconds for sample in self.samples])

    def rolling(self) -> float:
        return self._median([sample.rolling for sample in self.samples])

    def peak_mib(self) -> float:
        return max((sample.peak_mib for sample in self.samples), default=0)

    def _median(self, values: list[float]) -> float:
        return statistics.median(values) if values else self.timeout


@dataclass(frozen=True)
class Patience:
    """How often and how long."""

    repeats: int
    once_from: float  # seconds of a first run that stays the only one
    timeout: float


def contest(contestants: list[Contestant], patience: Patience) -> list[Result]:
    """All run once and are checked; then they take turns. First runs count only for who is too slow for turns."""
    results = [Result(each.name, each.group, each.checked, patience.timeout) for each in contestants]
    turns = []
    for contestant, result in zip(contestants, results, strict=True):
        try:
            first = contestant.run()
        except TooSlow:
            say(f"  {contestant.name}: stopped after {patience.timeout:.0f} s")
            continue
        contestant.check()
        say(f"  {contestant.name}: {first.seconds:.2f} s at first")
        if first.seconds > patience.once_from:
            result.samples.append(first)
        else:
            turns.append((contestant, result))
    for _ in range(patience.repeats):
        for contestant, result in turns:
            result.samples.append(contestant.run())
    for _, result in turns:
        say(f"  {result.name}: {result.seconds():.2f} s, median of {len(result.samples)}")
    return results


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
