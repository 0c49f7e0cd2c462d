"""The three engines of aggregate_pit_table() give the same on random tables, to the last element.

DAEDALUS_TABLES says how many: 300 in `make test`, 5,000 in `make test-all`.
"""

from __future__ import annotations

import os

import pyarrow as pa
from hypothesis import HealthCheck, given, note, settings

import daedalus
from random_tables import Case, cases

TABLES = int(os.environ.get("DAEDALUS_TABLES", "300"))
ONE_THREAD = {"threads": 1}


def texts(table: pa.Table) -> list[str]:
    """The rows as text, in which NaN equals NaN, and -0.0 is not 0.0."""
    return [repr(row) for row in table.to_pylist()]


@settings(max_examples=TABLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_engines_give_the_same(case: Case) -> None:
    made = {
        engine: daedalus.aggregate_pit_table(case.events, case.specs, case.rows, engine, duckdb_config=ONE_THREAD)
        for engine in ("native", "duckdb", "polars")
    }
    note(f"specs: {case.specs}")
    expected = made["duckdb"]
    for engine in ("native", "polars"):
        assert made[engine].schema == expected.schema, engine
        assert texts(made[engine]) == texts(expected), engine
