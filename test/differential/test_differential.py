"""Random worlds through `daeda` and the oracle; DAEDALUS_WORLDS says how many, DAEDA where the program is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from run_worlds import default_daeda, run_world

WORLDS = int(os.environ.get("DAEDALUS_WORLDS", "20"))
GROUPS = 3


@pytest.mark.parametrize("group", range(GROUPS))
def test_worlds_equal_the_oracle(group: int, tmp_path: Path) -> None:
    daeda = default_daeda().resolve()
    assert daeda.exists(), f"{daeda} does not exist; build it or set DAEDA"
    reports = [run_world(seed, daeda, tmp_path) for seed in range(1 + group, WORLDS + 1, GROUPS)]
    failures = [f"world {r.seed}, {text}" for r in reports for text in r.differences[:3]]
    assert not failures, "\n".join(failures[:12])
