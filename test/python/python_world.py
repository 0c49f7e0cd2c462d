"""What tests of the package share: the days of their world (see conftest.py), and a thread that runs beside a call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

DAYS = ["2026-05-13", "2026-05-14", "2026-05-15"]


def another_thread_runs_during(call: Callable[[], tuple[float, float]]) -> bool:
    """Whether another thread, which wants to about every millisecond, runs between the two times that `call` returns. It is called
    again while none does: on a busy machine a thread may have to wait longer than a call takes."""
    ticks: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    try:
        return any(any(began < each < ended for each in ticks) for began, ended in (call() for _ in range(20)))
    finally:
        done.set()
        ticker.join()
