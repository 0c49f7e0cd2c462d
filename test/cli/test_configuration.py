"""Configuration errors are all told at once, each with its place; overrides, the environment, and where values come from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import daeda_process as dp


def edit(path: Path, old: str, new: str) -> int:
    """Replaces a text that occurs once; the line that it begins in."""
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def test_all_errors_are_told_at_once_with_file_and_line(world: Path) -> None:
    config = world / "config"
    lines = {
        f"training/runtime.yaml:{edit(config / 'training/runtime.yaml', 'day_workers: 1', 'day_worker: 1')}": "day_workers",
        f"training/aggregations.yaml:{edit(config / 'training/aggregations.yaml', '[click]', 'click_all_day')}": "events",
        f"catalog/feed.yaml:{edit(config / 'catalog/feed.yaml', 'format: parquet', 'format: parket')}": "parket",
        f"catalog/views/artwork_tack.yaml:{edit(config / 'catalog/views/artwork_tack.yaml', 'entity: artwork_id', 'entity: 7d')}": "7d",
    }
    for command in (dp.TRAIN, ["check"], ["catalog", "list"], ["config", "show"]):
        done = dp.run(world, *command)
        assert (done.returncode, done.stdout) == (2, "")
        for place, says in lines.items():
            told = [line for line in done.stderr.splitlines() if f"{place}:" in line]
            assert told, f"{place} is not in\n{done.stderr}"
            assert says in done.stderr
    assert not dp.output_root(world).exists()


def test_an_unknown_key_is_answered_with_the_nearest(untouched_world: Path) -> None:
    done = dp.train(untouched_world, "--set", "runtime.entity_spine_chunk_row=5")
    assert done.returncode == 2
    assert "did you mean 'entity_spine_chunk_rows'?" in done.stderr


def test_missing_configuration_files_are_all_named(world: Path) -> None:
    (world / "config/training/runtime.yaml").unlink()
    (world / "config/catalog/feed.yaml").unlink()
    done = dp.train(world)
    assert (done.returncode, done.stdout) == (2, "")
    assert "config/training/runtime.yaml" in done.stderr
    assert "config/catalog/feed.yaml" in done.stderr


def test_an_unknown_configuration_directory(untouched_world: Path) -> None:
    done = dp.train(untouched_world, "--config-dir", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "error: there is no configuration in nowhere: it has no catalog/ and training/",
        "  fix: begin with `daeda synth world && cd world`, a small world with its configuration, or name yours with --config-dir",
    ]


@pytest.mark.parametrize("setting", ["nonsense", "runtime.day_workers=many", "runtime.no_such_key=1", "runtime.day_workers=0",
                                     "runtime.compute.duckdb_config.memory_limit=much", "runtime.output_columns=[no_such_column]"])  # fmt: skip
def test_a_bad_override_names_itself(untouched_world: Path, setting: str) -> None:
    done = dp.train(untouched_world, "--set", setting)
    assert (done.returncode, done.stdout) == (2, "")
    key, _, value = setting.partition("=")
    assert key.rpartition(".")[2] in done.stderr or value.strip("[]") in done.stderr


def shown(world: Path, *arguments: str) -> dict[str, dict[str, object]]:
    done = dp.run(world, "config", "show", "--json", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return {entry["key"]: entry for entry in json.loads(done.stdout)}


def test_config_show_tells_where_each_value_comes_from(world: Path) -> None:
    runtime = world / "config/training/runtime.yaml"
    runtime.write_text("day_workers: 2\ncompute:\n  duckdb_config: {threads: 3}\n")
    values = shown(world, "--set", "runtime.compute.duckdb_config.memory_limit=1GB")
    duckdb = "runtime.compute.duckdb_config"
    told = {key: (entry["value"], entry["origin"], entry["is_default"]) for key, entry in values.items()}
    assert told["runtime.day_workers"] == ("2", "config/training/runtime.yaml:1", False)
    assert told[f"{duckdb}.threads"] == ("3", "config/training/runtime.yaml:3", False)
    assert told[f"{duckdb}.memory_limit"] == ("1GB", "--set", False)
    value, origin, is_default = told[f"{duckdb}.temp_directory"]
    assert (value, is_default) == ("data/tmp", True)
    assert str(origin).startswith("built-in")

    text = dp.run(world, "config", "show").stdout.splitlines()
    (line,) = [line for line in text if line.startswith("runtime.day_workers")]
    assert line.split() == ["runtime.day_workers", "2", "config/training/runtime.yaml:1"]


def test_an_override_wins_over_the_file_and_the_last_one_over_others(untouched_world: Path) -> None:
    values = shown(untouched_world, "--set", "runtime.day_workers=5", "--set", "runtime.day_workers=6")
    assert (values["runtime.day_workers"]["value"], values["runtime.day_workers"]["origin"]) == ("6", "--set")


def test_the_environment_fills_paths(world: Path) -> None:
    edit(world / "config/training/runtime.yaml", "output_root: data/training_output", "output_root: ${DAEDALUS_TEST_OUT}/built")
    done = dp.train(world, "--target-date", "2026-05-30", env={"DAEDALUS_TEST_OUT": str(world / "elsewhere")})
    assert done.returncode == 0, done.stderr
    assert dp.published_days(world / "elsewhere/built") == ["2026-05-30"]

    unset = dp.train(world)
    assert (unset.returncode, unset.stdout) == (2, "")
    assert "DAEDALUS_TEST_OUT" in unset.stderr
    assert "config/training/runtime.yaml:" in unset.stderr


def test_an_edited_coverage_filter_is_accounted_for(world: Path, tmp_path: Path) -> None:
    """What it drops is counted by what it leaves, not by what the built-in one would."""
    sql = Path(shutil.copytree(dp.PROJECT_ROOT / "sql", tmp_path / "sql"))
    path = sql / "skeleton/embedding_coverage_filter.sql"
    text = path.read_text()
    assert "WHERE __covered" in text
    path.write_text(text.replace("WHERE __covered", "WHERE TRUE"))
    done = dp.run(world, *dp.TRAIN, "--sql-dir", str(sql))
    assert done.returncode == 0, done.stderr
    for manifest in dp.output_root(world).glob("dt=*/_manifest.json"):
        steps = {each["step"]: each for each in json.loads(manifest.read_text())["row_accounting"]}
        assert steps["embedding_coverage"]["dropped"] == {"not_in_pool": 0}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("skeleton/filter_to_target_day.sql", "FROM enrich", "FORM enrich"),
        ("skeleton/filter_to_target_day.sql", "SELECT *", "SELECT no_such_column, *"),
        ("skeleton/target_rows.sql", "{{set_aside}}", ""),
        ("rolling/aggregate_pit_table.sql", "SELECT", "SLECT"),
    ],
)
def test_a_broken_sql_file_is_named(untouched_world: Path, tmp_path: Path, name: str, old: str, new: str) -> None:
    """--sql-dir holds files 'as in sql/'; one that is being edited may be wrong, which is no defect of the program."""
    sql = Path(shutil.copytree(dp.PROJECT_ROOT / "sql", tmp_path / "sql"))
    text = (sql / name).read_text()
    assert old in text
    (sql / name).write_text(text.replace(old, new))
    for command in (["check"], dp.TRAIN):
        done = dp.run(untouched_world, *command, "--sql-dir", str(sql))
        assert (done.returncode, done.stdout) == (2, "")
        assert Path(name).name in done.stderr
