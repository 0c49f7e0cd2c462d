"""One process with other modules that bring a DuckDB, an Arrow or a Lance of their own, in any order of import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import daeda_process as dp

# Each module does something of its own before, between and after the package's work, and all see one another's tables.
TOGETHER = """
import importlib, sys
for name in sys.argv[1].split(): importlib.import_module(name)
import daedalus, duckdb, lance, pandas, polars, pyarrow as pa
from daeda._libraries import lance_extension

def others_work():
    with duckdb.connect(config={"allow_unsigned_extensions": True}) as db:
        db.execute(f"LOAD '{lance_extension()}'")
        db.execute(f"COPY (SELECT range AS id, [range, 0.5]::FLOAT[2] AS v FROM range(9)) TO '{sys.argv[2]}/a.lance' (FORMAT lance, mode overwrite)")
        assert db.sql(f"SELECT sum(v[1]) FROM '{sys.argv[2]}/a.lance'").fetchall() == [(36.0,)]
        assert db.sql("SELECT count(*) FROM 'data/feed/*/*.parquet'").fetchone()[0] > 0
    assert lance.dataset(f"{sys.argv[2]}/a.lance").to_table().num_rows == 9
    assert polars.scan_parquet("data/feed/**/*.parquet").select(polars.len()).collect().item() > 0

others_work()
config = daedalus.load_config("config", [f"runtime.output_root={sys.argv[2]}/out"])
assert daedalus.run_skeleton_stage(config, "2026-05-15").exit_code == 0   # its embedding pool is a Lance dataset
day = daedalus.read_day(config.output_root, "2026-05-15")
others_work()
assert polars.from_arrow(day).height == day.to_pandas().shape[0] == duckdb.sql("FROM day").shape[0] == day.num_rows > 0
print("all work")
"""


@pytest.mark.parametrize("order", ["daedalus duckdb lance polars", "polars lance duckdb daedalus"])
def test_all_work_in_one_process(world: Path, tmp_path: Path, order: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOGETHER, order, str(tmp_path)], cwd=world, capture_output=True, text=True, timeout=dp.TIME_LIMIT_S
    )
    assert (done.returncode, done.stdout) == (0, "all work\n"), done.stderr
