"""Runs `daeda` on random worlds and compares all that it publishes with the oracle.

python test/differential/run_worlds.py --worlds 500 --seed 1 [--daeda PATH] [--keep DIR] [--jobs 2] [--only SEED]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import yaml

import compare
import oracle
from settings import PROJECT_ROOT
from world import World
from worlds import make_world

TIME_LIMIT_S = 120


@dataclass
class WorldReport:
    seed: int
    directory: Path
    differences: list[str] = field(default_factory=list)
    days: int = 0
    rows: int = 0


def default_daeda() -> Path:
    return Path(os.environ.get("DAEDA", PROJECT_ROOT / "build/release/daeda"))


def daeda_train(daeda: Path, config: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [str(daeda), "pipeline", "train", "dssm_ranking", "--skeleton-only", "--config-dir", str(config), *more]
    return subprocess.run(command, cwd=config.parent, capture_output=True, text=True, timeout=TIME_LIMIT_S, errors="replace")


def run_world(seed: int, daeda: Path, keep: Path) -> WorldReport:
    """One world: made, computed by both, compared.  The world of a failure stays, others are deleted."""
    report = WorldReport(seed, keep / f"world-{seed}")
    shutil.rmtree(report.directory, ignore_errors=True)
    try:
        config = make_world(seed, report.directory)
        check(report, seed, daeda, config)
    except Exception:
        report.differences.append(f"the run broke off: {traceback.format_exc(limit=-4)}")
    if not report.differences:
        shutil.rmtree(report.directory, ignore_errors=True)
    return report


def check(report: WorldReport, seed: int, daeda: Path, config: Path) -> None:
    rng = random.Random(f"check {seed}")
    first = first_days(rng, config)
    expected = oracle.run(config, first)
    report.days, report.rows = len(expected.days), sum(len(day.rows) for day in expected.days.values())
    for day in first:  # a day on its own, before the others: its sessions have the first numbers
        daeda_train(daeda, config, "--target-date", f"{day}")
    done = daeda_train(daeda, config)
    (report.directory / "stderr.txt").write_text(done.stderr, encoding="utf-8")
    report.differences += compare.differences(expected, done.returncode)
    if report.differences and done.returncode != expected.exit_code:
        report.differences.append("stderr: " + done.stderr.strip()[-600:])
    if report.differences or rng.random() > 0.2:
        return
    before = compare.published(expected.output_root)
    if expected.exit_code == 0:
        again = daeda_train(daeda, config)
        if again.returncode != 0 or compare.published(expected.output_root) != before:
            report.differences.append(f"a second run changed something or failed: exit code {again.returncode}")
    report.differences += other_resources(daeda, config, expected, before, [f"{day}" for day in first])


def first_days(rng: random.Random, config: Path) -> list[date]:
    days = oracle.target_days(World(config))
    return [rng.choice(days)] if len(days) > 1 and rng.random() < 0.15 else []


def other_resources(daeda: Path, config: Path, expected: oracle.Outcome, before: dict[str, bytes], first: list[str]) -> list[str]:
    """'The same inputs and configuration give the same bytes, whatever threads, day_workers or memory_limit.'"""
    other = config.parent / "config-other"
    shutil.copytree(config, other)
    path = other / "training/runtime.yaml"
    runtime = yaml.safe_load(path.read_text(encoding="utf-8"))
    root = config.parent / "output-other"
    threads = runtime["compute"]["duckdb_config"]["threads"]
    runtime["compute"]["duckdb_config"] |= {"threads": threads % 4 + 1, "memory_limit": "2GB"}
    runtime |= {"output_root": str(root), "day_workers": runtime["day_workers"] % 3 + 1}
    path.write_text(yaml.safe_dump(runtime, sort_keys=False, allow_unicode=True), encoding="utf-8")
    for day in first:
        daeda_train(daeda, other, "--target-date", day)
    done = daeda_train(daeda, other)
    after = compare.published(root)
    if done.returncode != expected.exit_code:
        return [f"with other threads and day_workers: exit code {done.returncode}, {done.stderr[-300:]}"]
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return [f"other bytes with other threads and day_workers: {changed}"] if changed else []


def run_all(seeds: list[int], daeda: Path, keep: Path, jobs: int) -> tuple[int, int]:
    """Runs the worlds and prints progress; gives the numbers of passed and failed ones."""
    passed = failed = days = rows = 0
    work = partial(run_world, daeda=daeda, keep=keep)
    with multiprocessing.get_context("spawn").Pool(jobs, maxtasksperchild=100) as pool:
        for number, report in enumerate(pool.imap_unordered(work, seeds), start=1):
            days, rows = days + report.days, rows + report.rows
            if report.differences:
                failed += 1
                print_failure(report, daeda, detailed=failed <= 10)
            else:
                passed += 1
            if number % 50 == 0:
                print(f"{number} worlds, {days} days, {rows} rows, {failed} failed", flush=True)
    return passed, failed


def print_failure(report: WorldReport, daeda: Path, detailed: bool) -> None:
    print(f"world {report.seed} differs ({report.directory})")
    for text in report.differences[:6] if detailed else []:
        print(f"  world {report.seed}, {text}")
    print(f"  again: python test/differential/run_worlds.py --only {report.seed} --daeda {daeda}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="the first world's seed")
    parser.add_argument("--only", type=int, help="run just this seed")
    parser.add_argument("--daeda", type=Path, default=default_daeda())
    parser.add_argument("--keep", type=Path, help="where worlds are written and those of failures stay")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    keep = (options.keep or Path(tempfile.mkdtemp(prefix="daedalus-worlds-"))).resolve()
    daeda = options.daeda.resolve()
    if not daeda.exists():
        parser.error(f"{options.daeda} does not exist; build it or give --daeda")
    seeds = [options.only] if options.only is not None else list(range(options.seed, options.seed + options.worlds))
    passed, failed = run_all(seeds, daeda, keep, min(options.jobs, len(seeds)))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
