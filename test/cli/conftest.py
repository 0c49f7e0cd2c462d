"""A tiny world on both sides of a month's end, made once and copied for each test that changes it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pytest

import daeda_process as dp


@pytest.fixture(scope="session")
def untouched_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Days 2026-05-30, 2026-05-31 and 2026-06-01, none computed. For commands that write nothing."""
    world = dp.synth(
        tmp_path_factory.mktemp("cli") / "world", users=20, artworks=60, days=3, events_per_day=60, end_date="2026-06-01"
    )
    runtime = world / "config/training/runtime.yaml"
    runtime.write_text(runtime.read_text().replace('feed_end: "202605"', 'feed_end: "202606"'))
    return world


@pytest.fixture
def world(untouched_world: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(untouched_world, tmp_path / "world"))
