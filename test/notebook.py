"""Executing a notebook of examples/ with nbclient, as its reader does."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import daeda_process as dp


def printed(name: str, programs: Path, tmp_path: Path) -> str:
    """What the cells of `examples/NAME` print, executed by the `jupyter-execute` of the directory `programs` in a copy of examples/."""
    examples = Path(shutil.copytree(dp.PROJECT_ROOT / "examples", tmp_path / "examples"))
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [programs / "jupyter-execute", "--inplace", f"--timeout={dp.TIME_LIMIT_S}", examples / name],
        env={"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, timeout=2 * dp.TIME_LIMIT_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    cells = json.loads((examples / name).read_text())["cells"]
    return "".join("".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", []))
