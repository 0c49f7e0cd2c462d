"""The Python package as `make python` installed it, and a small world for it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pytest

import daeda_process as dp
from python_world import DAYS

try:
    import daedalus
except ImportError as error:
    raise pytest.UsageError(f"the Python package can't be imported ({error}): run `make python`") from error


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of 300 events; nothing of it is computed."""
    return dp.synth(
        tmp_path_factory.mktemp("python") / "world", users=60, artworks=150, days=3, events_per_day=300, end_date=DAYS[-1]
    )

@pytest.fixture
def config(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> daedalus.Config:
    """The world's configuration, which publishes to a directory of the test's own."""
    monkeypatch.chdir(world)
    return daedalus.load_config("config", [f"runtime.output_root={tmp_path / 'out'}"])
