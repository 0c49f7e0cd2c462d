"""A DuckDB with the resources of a contestant."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
from resources import MEMORY_GB, THREADS

SPILL = Path(__file__).resolve().parent.parent / "out/bench/tmp"


def sql_list(texts: Iterable[str]) -> str:
    """What stands after IN."""
    return "(" + ", ".join(f"'{text}'" for text in texts) + ")"


def connect() -> duckdb.DuckDBPyConnection:
    """An empty database in memory."""
    settings = {"threads": THREADS, "memory_limit": f"{MEMORY_GB}GB", "temp_directory": str(SPILL)}
    return duckdb.connect(config=settings)
