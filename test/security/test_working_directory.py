"""What lies in the working directory is data: no code is loaded from there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import daeda_process as dp


@pytest.mark.parametrize("module", ["polars.py", "json.py", "daedalus/__init__.py", "sitecustomize.py"])
def test_the_engine_polars_imports_nothing_from_it(world: Path, tmp_path: Path, module: str):
    trace = tmp_path / "trace"
    (world / module).parent.mkdir(exist_ok=True)
    (world / module).write_text(f"open({str(trace)!r}, 'w').close()\n")
    command = ["catalog", "aggregate", "--spec", "like_artwork_ids", "--day", "2026-05-17", "--engine", "polars"]
    done = dp.run(world, *command, env={"DAEDALUS_PYTHON": sys.executable})
    assert not trace.exists()
    # Without the package the engine says so; nothing else may go wrong.
    assert done.returncode == 0 or "pip install" in done.stderr, done.stderr
