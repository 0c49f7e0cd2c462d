"""The hand-written cases of `cases/`: every world that a selected case needs is run once, two at a time."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stage_case import Case, World, read_cases
from stage_check import differences
from stage_run import default_daeda, run_world

CASES = read_cases()
JOBS = 2


def test_case_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


@pytest.fixture(scope="session")
def worlds_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Runs the worlds of the selected cases; the texts of those that could not be run, by name."""
    daeda = default_daeda()
    assert Path(daeda).exists(), f"{daeda} does not exist; build it or set DAEDA"
    selected = [i.callspec.params["case"] for i in request.session.items if hasattr(i, "callspec") and "case" in i.callspec.params]
    worlds = {case.world.name: case.world for case in selected if isinstance(case, Case)}

    def run(world: World) -> str:
        try:
            run_world(world, daeda, tmp_path_factory.mktemp(world.name, numbered=False))
        except Exception as error:  # a world that can't be written fails its own cases only
            return f"{type(error).__name__}: {error}"
        return ""

    with ThreadPoolExecutor(JOBS) as pool:
        return dict(zip(worlds, pool.map(run, worlds.values())))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, worlds_run: dict[str, str]) -> None:
    broken = worlds_run[case.world.name]
    found = [broken] if broken else differences(case)
    assert not found, "\n".join(found)
