"""What tests of the package share: the days of their world (see conftest.py), and a thread that runs beside a call."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

DAYS = ["2026-05-13", "2026-05-14", "2026-05-15"]


@contextlib.contextmanager
def ticking() -> Iterator[list[float]]:
    """The times at which another thread ran, about every millisecond, until the block ends."""
    ticks: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    try:
        yield ticks
    finally:
        done.set()
        ticker.join()
