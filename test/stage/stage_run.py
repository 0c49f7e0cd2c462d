"""Runs `daeda` on the world of a case, and reads what it published."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stage_case import TARGET_DAY, World
from stage_world import ROOT, WorldFiles

TIME_LIMIT_S = 120
TIME_ZONE = "America/St_Johns"  # of the machine, as daeda finds it: no result may depend on it


def default_daeda() -> str:
    return str(Path(os.environ.get("DAEDA", ROOT / "build/release/daeda")).resolve())


@dataclass
class Day:
    """One published day as it was after a run."""

    table: pa.Table
    parts: list[int]
    names: list[str]
    codecs: set[str]
    data: bytes
    stamps: dict[str, tuple[int, int]]
    manifest: dict[str, Any]


@dataclass
class Result:
    exit: int
    stdout: str
    stderr: str
    days: dict[str, Day]
    qid_map: pa.Table | None


def run_world(world: World, daeda: str, directory: Path) -> None:
    """Writes the world and makes its runs; an outcome for each step goes to `world.results`."""
    files = WorldFiles(directory, world.bare)
    for number, step in enumerate(world.steps):
        files.write(step, first=number == 0)
        train = ["pipeline", "train", "dssm_ranking", "--skeleton-only", "--config-dir", "config"]
        command = step.get("command") or train + step.get("run", ["--target-date", TARGET_DAY])
        done = subprocess.run([daeda, *map(str, command)], cwd=directory, env=os.environ | {"TZ": TIME_ZONE}, capture_output=True,
                              text=True, timeout=TIME_LIMIT_S, errors="replace")
        root = directory / step.get("output", files.config.get("runtime", {}).get("output_root", "data/training_output"))
        world.results.append(read_result(done, root))


def read_result(done: subprocess.CompletedProcess[str], root: Path) -> Result:
    days = {p.name[3:]: read_day(p) for p in sorted(root.glob("dt=*"))} if root.is_dir() else {}
    mapping = root / "qid_map.parquet"
    readable = mapping.exists() and mapping.read_bytes()[:4] == b"PAR1"
    return Result(done.returncode, done.stdout, done.stderr, days, pq.read_table(mapping) if readable else None)


def read_day(path: Path) -> Day:
    parts = sorted(path.glob("part-*.parquet"), key=lambda p: int(p.name.split("-")[1]))
    opened = [pq.ParquetFile(p) for p in parts]
    codecs = {f.metadata.row_group(g).column(c).compression for f in opened for g in range(f.metadata.num_row_groups)
              for c in range(f.metadata.num_columns)}
    manifest = path / "_manifest.json"
    return Day(
        table=pa.concat_tables([f.read() for f in opened]) if opened else pa.table({}),
        parts=[f.metadata.num_rows for f in opened],
        names=sorted(p.name for p in path.iterdir()),
        codecs=codecs,
        data=b"".join(p.read_bytes() for p in parts),
        stamps={p.name: (p.stat().st_mtime_ns, p.stat().st_ino) for p in path.iterdir()},
        manifest=json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {},
    )
