#!/usr/bin/env python3
"""The benchmark suite's command; see --help. bench/run.sh puts in place what it needs.

Generates worlds, times the program, limits and peers on them, and writes a report and a chart.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from contestants import PEERS, SPARK
from measure import Failed, Patience, say
from report import write_report
from suite import Suite
from worlds import ROOT, WORLDS

QUICK_WORLDS = ["S", "M", "backfill"]
QUICK = Patience(repeats=3, once_from=60, timeout=900)
FULL = Patience(repeats=5, once_from=300, timeout=7200)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.sh", description="Times daeda against limits and peers.")
    parser.add_argument("--full", action="store_true", help="everything, in an hour or two instead of minutes")
    parser.add_argument("--repeats", type=int, help=f"runs of each, in turns ({QUICK.repeats}; {FULL.repeats} if full)")
    parser.add_argument(
        "--worlds", nargs="+", choices=WORLDS, help=f"({' '.join(QUICK_WORLDS)}; {' '.join(WORLDS)} if full)"
    )
    parser.add_argument("--scale", type=float, default=1, help="a factor on all sizes, for rehearsals")
    parser.add_argument("--report", type=Path, default=Path("out/bench"), help="directory to write to (%(default)s)")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    os.chdir(ROOT)
    full = arguments.full
    patience = FULL if full else QUICK
    suite = Suite(Patience(arguments.repeats or patience.repeats, patience.once_from, patience.timeout))
    peers = list(PEERS)
    if not shutil.which("java"):
        say("bench: there is no java here, so Spark is left out")
        peers.remove(SPARK)
    try:
        for name in arguments.worlds or (WORLDS if full else QUICK_WORLDS):
            world = WORLDS[name].scaled(arguments.scale)
            match name:
                case "S":
                    suite.day_with_peers(world, peers)
                case "M":
                    suite.day_with_peers(world, [p for p in peers if full or p != SPARK])
                case "L" | "heavy":
                    suite.day_alone(world, little_memory=name == "L")
                case "backfill":
                    suite.backfill(world)
    except Failed as failure:
        sys.exit(f"bench: {failure}")
    write_report(suite.measured, arguments.report, arguments.scale)


if __name__ == "__main__":
    main()
