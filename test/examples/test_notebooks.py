"""The notebooks of examples/, executed. They check themselves; quick_start.ipynb runs in a clean environment, in test/python/test_wheel.py."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pytest

import daeda_process as dp
import notebook

SAYS = {
    "movielens.ipynb": "13 ratings",
    "new_aggregation.ipynb": "the same lists in all",
    "windows_and_coverage.ipynb": "embedding_pool",
}


@pytest.mark.parametrize("name", SAYS)
def test_a_notebook_runs(name: str, tmp_path: Path) -> None:
    assert SAYS[name] in notebook.printed(name, Path(sys.executable).parent, tmp_path)


def test_every_notebook_is_run_and_told_of() -> None:
    names = {path.name for path in (dp.PROJECT_ROOT / "examples").glob("*.ipynb")}
    assert names == {*SAYS, "quick_start.ipynb"}
    readme = (dp.PROJECT_ROOT / "examples/README.md").read_text()
    assert [name for name in names if name not in readme] == []
