"""A synthetic world with hard rows added, computed once; its tests compare it with plain SQL over the raw feed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Iterator

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import duckdb
import pytest
import yaml

import daeda_process as dp
import raw_feed_sql
from raw_feed_sql import DAYS

# Rows that the generator has few of: exact duplicates, several events at one instant, likes and clicks at the edges of
# every window and a microsecond beside them, rows that are invalid, and rows that stand in another month's partition.
HARD_ROWS = """
CREATE MACRO sample(every) AS TABLE
  SELECT * EXCLUDE (place) FROM (
    SELECT *, row_number() OVER (ORDER BY event_timestamp, user_id, artwork_id, event) AS place FROM base
  ) WHERE place % every = 0;
COPY (
  FROM sample(97)
  UNION ALL BY NAME
  SELECT base.* REPLACE (e AS event, other AS artwork_id)
  FROM sample(151) AS base, (VALUES ('like'), ('click'), ('dislike_click'), ('share')) AS events(e),
    (VALUES ('a0000001'), ('a0000002'), ('a0000003')) AS others(other)
  UNION ALL BY NAME
  SELECT base.* REPLACE (e AS event, event_timestamp - days * INTERVAL 1 DAY - beside * INTERVAL 1 MICROSECOND AS event_timestamp,
    NULL AS feed_session)
  FROM sample(199) AS base, (VALUES ('like'), ('click')) AS events(e), (VALUES (0), (1), (3), (7)) AS windows(days),
    (VALUES (-1), (0), (1)) AS edges(beside)
  UNION ALL BY NAME
  SELECT base.* REPLACE (CASE WHEN which = 0 THEN NULL ELSE user_id END AS user_id,
    CASE WHEN which = 1 THEN NULL ELSE artwork_id END AS artwork_id, CASE WHEN which = 2 THEN NULL ELSE event END AS event)
  FROM sample(2999) AS base, range(3) AS kinds(which)
  UNION ALL BY NAME
  SELECT base.* REPLACE (TIMESTAMP '2026-04-20' AS event_timestamp, 'dislike_click' AS event) FROM sample(499) AS base
  UNION ALL BY NAME
  SELECT base.* REPLACE (NULL AS event_timestamp) FROM sample(499) AS base
) TO 'data/feed/month=202605/hard.parquet';
COPY (
  SELECT base.* REPLACE (event_timestamp - INTERVAL 31 DAY AS event_timestamp, 'dislike_click' AS event) FROM sample(53) AS base
) TO 'data/feed/month=202604/old.parquet';
"""


def add_hard_rows(world: Path) -> None:
    (world / "data/feed/month=202604").mkdir()
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE base AS FROM read_parquet('{world}/data/feed/*/*.parquet', hive_partitioning = false)")
        db.execute(HARD_ROWS.replace("TO 'data/", f"TO '{world}/data/"))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 users and ten days, of which the last three are published, each in several parts and with its sessions."""
    world = dp.synth(tmp_path_factory.mktemp("property") / "world", users=300, artworks=800, days=10, events_per_day=1500)
    add_hard_rows(world)
    runtime = yaml.safe_load((dp.PROJECT_ROOT / "config/training/runtime.yaml").read_text())
    runtime["output_columns"].append("feed_session")
    runtime |= {"entity_spine_chunk_rows": 1000, "max_invalid_fraction": 0.01}
    (world / "config/training/runtime.yaml").write_text(yaml.safe_dump(runtime))
    dp.trained(world, "--from", DAYS[0], "--to", DAYS[-1])
    assert dp.published_days(dp.output_root(world)) == DAYS
    return world


@pytest.fixture(scope="session")
def db(world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The second engine: `expected`, the published rows by plain SQL over the raw sources, and `published`, daeda's."""
    with raw_feed_sql.connect(world) as connection:
        raw_feed_sql.create_expected(connection, DAYS)
        connection.execute(
            f"CREATE TABLE published AS FROM read_parquet('{dp.output_root(world)}/dt=*/part-*.parquet', hive_types = {{dt: DATE}})"
        )
        yield connection


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of 300 events, not yet computed: quick to run again and again."""
    return dp.synth(tmp_path_factory.mktemp("small") / "world", users=60, artworks=150, days=3, events_per_day=300)
