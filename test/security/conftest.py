"""A tiny world, made once and copied for each test that changes it; and a place outside of it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pytest

import daeda_process as dp


@pytest.fixture(scope="session")
def untouched_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Days 2026-05-16 and 2026-05-17, none computed."""
    return dp.synth(tmp_path_factory.mktemp("security") / "world", users=20, artworks=60, days=2, events_per_day=60)


@pytest.fixture
def world(untouched_world: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(untouched_world, tmp_path / "world"))


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    directory = tmp_path / "outside"
    directory.mkdir()
    return directory
