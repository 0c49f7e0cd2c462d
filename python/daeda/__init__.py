"""The command `daeda` of the wheel: starts the program with what it needs to find its libraries.

A package of its own, so that the command does not wait for the imports of `daedalus`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from ._libraries import name_what_is_installed, package_directory


def main() -> NoReturn:
    """Replaces the process by the program, with the same arguments."""
    program = Path(__file__).parent / "bin" / "daeda"
    environment = dict(os.environ)
    name_what_is_installed(environment)
    arrow = package_directory("pyarrow")
    paths = [str(arrow) if arrow else "", environment.get("LD_LIBRARY_PATH", "")]
    environment["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, paths))
    os.execve(program, [str(program), *sys.argv[1:]], environment)
