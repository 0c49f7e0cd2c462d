"""Running `daeda` as a person does, and reading what it publishes. DAEDA names another program than build/release/daeda."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DAEDA = str(Path(os.environ.get("DAEDA", PROJECT_ROOT / "build/release/daeda")).resolve())
FAULTS = Path(DAEDA).with_name("daeda_faults")  # the same with points that fail on demand: test/fault/README.md
TRAIN = ["pipeline", "train", "dssm_ranking", "--skeleton-only"]
TIME_LIMIT_S = 120


def run(
    world: Path, *arguments: str, env: dict[str, str] | None = None, program: str | Path = DAEDA
) -> subprocess.CompletedProcess[str]:
    """`daeda ARGUMENTS` in the directory `world`, its output captured; `env` is added to the environment."""
    return subprocess.run(
        [program, *arguments],
        cwd=world,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
    )


def train(
    world: Path, *arguments: str, env: dict[str, str] | None = None, program: str | Path = DAEDA
) -> subprocess.CompletedProcess[str]:
    return run(world, *TRAIN, *arguments, env=env, program=program)


def trained(world: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run that has to succeed."""
    done = train(world, *arguments)
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def start_training(
    world: Path, *arguments: str, env: dict[str, str] | None = None, program: str | Path = DAEDA
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [program, *TRAIN, *arguments],
        cwd=world,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def synth(world: Path, **flags: Any) -> Path:
    """`daeda synth`; users=300 stands for --users 300."""
    options = [text for name, value in flags.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    done = run(world.parent, "synth", world.name, *options)
    assert done.returncode == 0, done.stderr
    return world


def output_root(world: Path) -> Path:
    return world / "data/training_output"


def published_days(root: Path) -> list[str]:
    return sorted(path.name.removeprefix("dt=") for path in root.glob("dt=*"))


def manifest(root: Path, day: str) -> dict[str, Any]:
    return json.loads((root / f"dt={day}/_manifest.json").read_text())


def accounting(root: Path, day: str) -> dict[str, dict[str, Any]]:
    """The row accounting of a day by its steps."""
    return {entry["step"]: entry for entry in manifest(root, day)["row_accounting"]}


def rows(root: Path, day: str, columns: list[str] | None = None) -> list[dict[str, Any]]:
    """The rows of a day in the order of its parts."""
    names = sorted((root / f"dt={day}").glob("part-*-0.parquet"), key=lambda path: int(path.name.split("-")[1]))
    return [row for name in names for row in pq.ParquetFile(name).read(columns).to_pylist()]


def data_bytes(root: Path, manifests: bool = False) -> dict[str, bytes]:
    """The bytes of all parts and of the qid map, by path; with `manifests` those too."""
    patterns = ["dt=*/*.parquet", "qid_map.parquet"] + (["dt=*/_manifest.json"] if manifests else [])
    return {str(path.relative_to(root)): path.read_bytes() for pattern in patterns for path in root.glob(pattern)}


def assert_same_data(actual: dict[str, bytes], expected: dict[str, bytes]) -> None:
    assert sorted(actual) == sorted(expected)
    assert [name for name in expected if actual[name] != expected[name]] == [], "files with other bytes"
