"""load_config() and Catalog: the library's, with the program's texts and codes."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import duckdb
import pytest
import yaml

import daeda_process as dp
import daedalus

FEED = "read_parquet('data/feed/*/*.parquet', hive_partitioning = false)"


def test_a_configuration_tells_its_values(config: daedalus.Config) -> None:
    assert config.dir == Path("config")
    assert config.engine == "duckdb" and config.duckdb_config["threads"] == "2"
    assert config.values["runtime.day_workers"] == "1"
    assert yaml.safe_load(config.values["runtime.output_root"]) == str(config.output_root)
    likes = config.aggregation_specs[0]
    assert likes == daedalus.AggregationSpec(
        name="like_artwork_ids", column="artwork_id", events=["like"], windows=["1d", "3d", "7d"], exclude_self=True
    )
    assert config.aggregation_specs[-1].windows == "cumulative"
    assert daedalus.load_config("config", ["runtime.compute.engine=polars"]).engine == "polars"


def test_feed_days_counts_the_rows(config: daedalus.Config) -> None:
    table = daedalus.Catalog(config).feed_days()
    counted = duckdb.sql(f"SELECT CAST(event_timestamp AS DATE) AS day, count(*) FROM {FEED} GROUP BY ALL ORDER BY day")
    assert list(zip(table["day"].to_pylist(), table["rows"].to_pylist())) == counted.fetchall()
    assert set(table["note"].to_pylist()) == {None}


def test_feed_days_tells_of_rows_without_a_day(tmp_path: Path, config: daedalus.Config) -> None:
    (tmp_path / "feed/month=202605").mkdir(parents=True)
    times = "SELECT 'u' AS user_id, 'a' AS artwork_id, unnest([NULL, TIMESTAMP '2026-05-02', '2026-04-30', '2026-04-29']) AS event_timestamp, 'like' AS event"
    duckdb.sql(times).write_parquet(str(tmp_path / "feed/month=202605/x.parquet"))
    elsewhere = daedalus.load_config("config", [f"feed.source.path={tmp_path}/feed/month={{YYYYMM}}/*.parquet"])
    rows = daedalus.Catalog(elsewhere).feed_days().to_pylist()
    assert [(row["day"], row["rows"], row["note"]) for row in rows] == [
        (datetime.date(2026, 5, 2), 1, None),
        (None, 2, "misplaced"),
        (None, 1, "without time"),
    ]


def test_a_view_has_the_latest_row_of_each_entity(config: daedalus.Config) -> None:
    catalog = daedalus.Catalog(config)
    assert catalog.views == sorted(path.stem for path in Path("config/catalog/views").glob("*.yaml"))
    view = catalog.view("user_profile")
    values = {key: config.values[f"views.user_profile.{key}"] for key in ("entity", "timestamp_field")}
    latest = duckdb.sql(
        f"SELECT {', '.join(view.column_names)} FROM 'data/views/user_profile/*.parquet' "
        f"QUALIFY row_number() OVER (PARTITION BY {values['entity']} ORDER BY {values['timestamp_field']} DESC) = 1 "
        f"ORDER BY {values['entity']}"
    )
    assert view.num_rows > 0 and view.column_names[0] == "user_id"
    assert view.to_pylist() == latest.to_arrow_table().to_pylist()
    some = ["u000003", "u000001", "nobody", "o'hara"]
    assert catalog.view("user_profile", ids=some)["user_id"].to_pylist() == ["u000001", "u000003"]
    assert catalog.view("user_profile", ids=[]).num_rows == 0


def test_a_view_that_is_not_there(config: daedalus.Config) -> None:
    with pytest.raises(daedalus.ConfigError, match="no 'user_profil'") as unknown:
        daedalus.Catalog(config).view("user_profil")
    assert unknown.value.problems[0].fix == "did you mean 'user_profile'?"
    moved = daedalus.load_config("config", ["views.user_profile.source.path=nowhere/*.parquet"])
    with pytest.raises(daedalus.InputError, match="no file matches nowhere"):
        daedalus.Catalog(moved).view("user_profile")
    errors = {source.name: source.error for source in daedalus.Catalog(moved).sources()}
    assert "nowhere" in errors["user_profile"] and errors["feed"] == ""


def test_a_sample_and_the_coverage_are_the_program_s(world: Path, config: daedalus.Config) -> None:
    catalog = daedalus.Catalog(config)
    rows = json.loads(dp.run(world, "catalog", "sample", "artwork_tack", "-n", "4", "--json").stdout)
    assert [row["artwork_id"] for row in catalog.sample("artwork_tack", 4).to_pylist()] == [row["artwork_id"] for row in rows]
    told = json.loads(dp.run(world, "catalog", "coverage", "--day", "2026-05-14", "--json").stdout)
    found = catalog.coverage(datetime.date(2026, 5, 14)).to_pylist()
    assert [(row["name"], row["ids"], row["ids_found"]) for row in found] == [
        (source["name"], source["ids"], source["ids_found"]) for source in told["sources"]
    ]
    assert catalog.coverage()["day"].to_pylist()[0] == datetime.date(2026, 5, 15)


def test_an_aggregation_of_a_day_is_the_run_s(config: daedalus.Config) -> None:
    daedalus.run_skeleton_stage(config, "2026-05-15")
    names = ["user_id", "artwork_id", "event_timestamp", "event", "like_artwork_ids_7d"]
    published = daedalus.read_day(config.output_root, "2026-05-15").select(names).to_pylist()
    for engine in ("native", "duckdb", "polars"):
        made = daedalus.Catalog(config).aggregate("like_artwork_ids", "2026-05-15", engine).select(names).to_pylist()
        kept = [row for row in made if row in published]  # the content filter comes later
        assert kept == published and len(made) >= len(published)
    with pytest.raises(daedalus.ConfigError, match="like_artwork_idz"):
        daedalus.Catalog(config).aggregate("like_artwork_idz", "2026-05-15")
