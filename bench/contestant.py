#!/usr/bin/env python3
"""Runs one contestant in this process: contestant.py MODULE SOURCE RESULT.

MODULE has `start()`, a context manager, and `compute(started, SOURCE, RESULT)`, which fills the directory RESULT. Only
`compute` is timed, its seconds are the last line printed: nobody pays for starting an interpreter, importing a library
or launching a JVM.
"""

import importlib
import os
import sys
import time

from resources import THREADS


def main() -> None:
    name, source, result = sys.argv[1:]
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)  # it is read when Polars is imported
    module = importlib.import_module(name)
    with module.start() as started:
        begin = time.monotonic()
        module.compute(started, source, result)
        seconds = time.monotonic() - begin
    print(seconds)


if __name__ == "__main__":
    main()
