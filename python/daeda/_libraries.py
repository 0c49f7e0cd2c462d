"""Finds what the program and the extension module need at run time, and the wheel does not hold."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import MutableMapping

LANCE_VARIABLE = "DAEDALUS_LANCE_EXTENSION"
PYTHON_VARIABLE = "DAEDALUS_PYTHON"


def package_directory(name: str) -> Path | None:
    """Where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def lance_extension() -> Path | None:
    """DuckDB's Lance extension in the package duckdb-extension-lance."""
    directory = package_directory("duckdb_extension_lance")
    return next(iter(sorted(directory.glob("extensions/*/lance.duckdb_extension"))), None) if directory else None


def name_what_is_installed(environment: MutableMapping[str, str]) -> None:
    """Tells the library of the extension and of this interpreter, unless the environment names others already."""
    path = lance_extension()
    if path:
        environment.setdefault(LANCE_VARIABLE, str(path))
    if sys.executable:
        environment.setdefault(PYTHON_VARIABLE, sys.executable)
