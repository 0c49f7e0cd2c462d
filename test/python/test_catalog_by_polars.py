"""`daeda catalog aggregate --engine polars` and `Catalog.aggregate(engine="polars")`: the native engine's lists."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import daeda_process as dp
import daedalus

AGGREGATE = ["catalog", "aggregate", "--day", "2026-05-15"]
# By two keys, of which the rows of one have any user and so no order of time.
JOIN = (
    "aggregations.windowed_joins=[{name: same_maker, view: artwork_properties, on: {author_id: author_id, artwork_id: artwork_id},"
    " time: artwork_created_at, value: artwork_id, window: 3650d}, {name: works, view: artwork_properties, on: {author_id: author_id},"
    " time: artwork_created_at, value: artwork_id, window: 90d}]"
)
COLUMNS = "runtime.output_columns=[user_id, artwork_id, event_timestamp, event]"


def lists_by(engine: str, world: Path, out: Path, name: str, *overrides: str) -> list[dict]:
    arguments = [part for each in overrides for part in ("--set", each)]
    env = {"DAEDALUS_PYTHON": sys.executable}
    done = dp.run(world, *AGGREGATE, "--spec", name, "--engine", engine, "--out", str(out), *arguments, env=env)
    assert done.returncode == 0, done.stderr
    return pq.read_table(out).to_pylist()


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("like_artwork_ids", []),
        ("like_artwork_tack_ids", []),
        ("like_artwork_cnts", []),
        ("dislike_artwork_ids", []),
        ("user_recent_published_artworks", []),
        ("same_maker", [JOIN, COLUMNS]),
        ("works", [JOIN, COLUMNS]),
    ],
)
def test_the_program_gives_the_same_lists(world: Path, tmp_path: Path, name: str, overrides: list[str]) -> None:
    made = {engine: lists_by(engine, world, tmp_path / f"{engine}.parquet", name, *overrides) for engine in ("native", "polars")}
    assert made["polars"] == made["native"]
    schemas = [pq.read_schema(tmp_path / f"{engine}.parquet") for engine in made]
    assert schemas[0].equals(schemas[1])
    assert any(any(row[column] for column in list(row)[4:]) for row in made["polars"]), "lists without elements show nothing"
    assert list((world / "data/tmp").iterdir()) == []


def test_compute_engine_chooses_it(world: Path) -> None:
    chosen = ["--set", "compute.engine=polars", "--json", "--spec", "like_artwork_cnts"]
    bare = dp.run(world, *AGGREGATE, *chosen, env={"DAEDALUS_PYTHON": "no-such-python"})
    assert (bare.returncode, bare.stdout) == (2, "") and "can't start no-such-python" in bare.stderr
    done = dp.run(world, *AGGREGATE, *chosen, env={"DAEDALUS_PYTHON": sys.executable})
    assert done.returncode == 0 and '"engine": "polars"' in done.stdout, done.stderr


def test_python_gives_the_same_lists(config: daedalus.Config) -> None:
    catalog = daedalus.Catalog(config)
    native = catalog.aggregate("like_artwork_author_ids", "2026-05-15", "native")
    assert catalog.aggregate("like_artwork_author_ids", "2026-05-15", "polars").equals(native)
    by_polars = daedalus.load_config("config", ["compute.engine=polars"])
    assert daedalus.Catalog(by_polars).aggregate("like_artwork_author_ids", "2026-05-15").equals(native)


def test_ctrl_c_ends_the_process_of_polars(world: Path, tmp_path: Path) -> None:
    """The interpreter is one that never ends, and says that it began."""
    slow = tmp_path / "slow-python"
    slow.write_text(f'#!/bin/sh\necho $$ > "{tmp_path}/begun.tmp" && mv "{tmp_path}/begun.tmp" "{tmp_path}/begun"\nexec sleep 1000\n')
    slow.chmod(0o755)
    program = subprocess.Popen(
        [dp.DAEDA, *AGGREGATE, "--spec", "like_artwork_ids", "--engine", "polars"],
        cwd=world, env={**os.environ, "DAEDALUS_PYTHON": str(slow)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + dp.TIME_LIMIT_S
    while not (tmp_path / "begun").exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(program.pid, signal.SIGINT)
    _, errors = program.communicate(timeout=dp.TIME_LIMIT_S)
    assert program.returncode == 130, errors
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "begun").read_text()), 0)
