#!/usr/bin/env python3
"""Checks that the notebooks of examples/ hold no outputs; `make format` empties them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    notebooks = sorted((ROOT / "examples").glob("*.ipynb"))
    done = subprocess.run([ROOT / ".deps/venv/bin/nbstripout", "--verify", *notebooks], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{done.stdout}{done.stderr}check_notebooks: `make format` empties them", file=sys.stderr)
    sys.exit(done.returncode)
