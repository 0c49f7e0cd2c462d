"""The package's exceptions: those of the program, with its texts and exit codes, under one base."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Callable

import duckdb
import pytest

import daeda_process as dp
import daedalus
from daedalus import Catalog

DAY = "2026-05-15"
NOBODY = "SELECT NULL::VARCHAR AS user_id, 'a' AS artwork_id, 'like' AS event, TIMESTAMP '2026-05-15 12:00' AS event_timestamp"
AGGREGATE = ["catalog", "aggregate", "--spec", "like_artwork_cnts", "--day", DAY]


def aggregate(config: daedalus.Config) -> object:
    return Catalog(config).aggregate("like_artwork_cnts", DAY)


# Overrides, the program's arguments, the package's call, and the exception.
CASES = [
    (["runtime.day_worker=2", "runtime.feature_refs=[artwork_tak]"], ["config", "show"], lambda config: None, daedalus.ConfigError),
    ([], ["catalog", "sample", "user_profil"], lambda config: Catalog(config).sample("user_profil"), daedalus.ConfigError),
    (["feed.source.path=bad/{YYYYMM}.parquet"], AGGREGATE, aggregate, daedalus.DataError),
    (["feed.source.path=no/{YYYYMM}.parquet"], AGGREGATE, aggregate, daedalus.InputError),
    (["compute.duckdb_config.temp_directory=/dev/null/no"], AGGREGATE, aggregate, daedalus.MachineError),
]


@pytest.mark.parametrize(("overrides", "arguments", "call", "kind"), CASES)
def test_errors_are_the_program_s(
    world: Path, monkeypatch: pytest.MonkeyPatch, overrides: list[str], arguments: list[str], call: Callable, kind: type[daedalus.Error]
) -> None:
    monkeypatch.chdir(world)
    Path("bad").mkdir(exist_ok=True)
    duckdb.sql(NOBODY).write_parquet("bad/202605.parquet")
    program = dp.run(world, *arguments, *(part for each in overrides for part in ("--set", each)))
    with pytest.raises(daedalus.Error) as caught:
        call(daedalus.load_config("config", overrides))
    assert type(caught.value) is kind
    assert program.returncode == caught.value.exit_code
    assert program.stderr == "".join(f"error: {problem}\n" for problem in caught.value.problems)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(daedalus.ConfigError) as caught:
        daedalus.load_config(str(dp.PROJECT_ROOT / "config"), CASES[0][0])
    assert len(caught.value.problems) == 2 and "day_workers" in caught.value.problems[0].fix


def test_errors_have_one_base_and_can_be_copied() -> None:
    kinds = [daedalus.ConfigError, daedalus.DataError, daedalus.InputError, daedalus.MachineError, daedalus.DefectError]
    assert [kind.exit_code for kind in kinds] == [2, 3, 4, 5, 70]
    error = daedalus.InputError("a is b", "write c")
    for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert isinstance(same, daedalus.Error) and same.problems == error.problems and str(same) == "a is b\n  fix: write c"
