"""The wheel by itself: in a virtual environment that holds nothing else but what it asks for."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import daeda_process as dp
import notebook

[WHEEL] = (dp.PROJECT_ROOT / "build/wheel").glob("*.whl")

QUICK_START = """
import daedalus, importlib.util
assert not importlib.util.find_spec("polars")
config = daedalus.load_config("config")
report = daedalus.run_skeleton_stage(config, "2026-05-15")
rows = daedalus.read_day(config.output_root, "2026-05-15")
assert report.exit_code == 0 and rows.num_rows == report.days[0].rows_out > 0
likes = daedalus.aggregate_pit_table(rows.select(["user_id", "artwork_id", "event_timestamp", "event"]),
    {"name": "likes", "agg": "count", "events": ["like"], "windows": ["1h"]})
assert sum(likes["likes_1h"].to_pylist()) > 0
try:
    daedalus.aggregate_pit_table(rows, {"name": "n", "agg": "count", "events": ["like"], "windows": ["1h"]}, engine="polars")
except daedalus.ConfigError as error:
    print(error.problems[0].fix)
"""


def test_holds_one_module_for_every_python() -> None:
    assert "-cp310-abi3-" in WHEEL.name
    names = zipfile.ZipFile(WHEEL).namelist()
    assert {"daedalus/_native.abi3.so", "daedalus/libduckdb.so", "daeda/bin/daeda", "daedalus/py.typed"} <= set(names)
    assert not [name for name in names if "libarrow" in name or "libparquet" in name], "pyarrow's are shared"
    assert not [name for name in names if not name.startswith(("daedalus/", "daeda/", "daedalus-"))]


def test_the_stubs_are_those_of_the_module(tmp_path: Path) -> None:
    """Mend with `.deps/venv/bin/python -m nanobind.stubgen -m daedalus._native -o python/daedalus/_native.pyi`."""
    made = tmp_path / "_native.pyi"
    subprocess.run([sys.executable, "-m", "nanobind.stubgen", "-q", "-m", "daedalus._native", "-o", made], check=True)
    assert made.read_text() == (dp.PROJECT_ROOT / "python/daedalus/_native.pyi").read_text()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(path)], check=True)
    install = [path / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", WHEEL]
    done = subprocess.run(install, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return path


def test_runs_a_quick_start_in_a_clean_environment(environment: Path, tmp_path: Path) -> None:
    def run(*command: str, cwd: Path) -> str:
        # Nothing of the build's own libraries, nor of this environment.
        clean = {"PATH": f"{environment}/bin:/usr/bin:/bin", "HOME": str(tmp_path)}
        done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=dp.TIME_LIMIT_S)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("daeda", "--version", cwd=tmp_path).startswith("daeda ")
    run("daeda", "synth", "world", "--users", "50", "--artworks", "100", "--days", "2", "--events-per-day", "500", "--end-date", "2026-05-15", cwd=tmp_path)
    assert run("python", "-c", QUICK_START, cwd=tmp_path / "world") == "pip install 'daedalus[polars]'\n"
    assert "2026-05-15" in run("daeda", "status", cwd=tmp_path / "world")
    by_polars = "! daeda catalog aggregate --spec like_artwork_ids --day 2026-05-15 --engine polars 2>&1"
    told = run("sh", "-c", by_polars, cwd=tmp_path / "world")
    assert "No module named 'polars'" in told and f"{environment}/bin/python -m pip install '.[polars]'" in told


def test_runs_the_quick_start_notebook_in_a_clean_environment(environment: Path, tmp_path: Path) -> None:
    """After the test above: what runs the notebook is then there too."""
    pins = (dp.PROJECT_ROOT / "tools/requirements.txt").read_text().splitlines()
    runner = [pin for pin in pins if pin.startswith(("nbclient==", "ipykernel=="))]
    subprocess.run([environment / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *runner], check=True)
    assert "the same counts in all" in notebook.printed("quick_start.ipynb", environment / "bin", tmp_path)
