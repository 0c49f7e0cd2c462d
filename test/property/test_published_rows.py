"""What holds of every published row, found by SQL over the raw feed and never by daeda's own output."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import daeda_process as dp
from raw_feed_sql import COMPARED, DAYS, IMPRESSIONS, WINDOWS, tie

EVENT_LISTS = [("like", "('like')"), ("view", IMPRESSIONS), ("click", "('click')")]


def one(db: duckdb.DuckDBPyConnection, sql: str) -> int:
    (value,) = db.execute(sql).fetchone()  # type: ignore[misc]
    return value


def test_rows_equal_the_definition_in_plain_sql(db: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(COMPARED)
    missing = f"SELECT {columns} FROM expected EXCEPT ALL SELECT {columns} FROM published"
    surplus = f"SELECT {columns} FROM published EXCEPT ALL SELECT {columns} FROM expected"
    assert one(db, "SELECT count(*) FROM expected") > 4000
    assert db.execute(f"{missing} LIMIT 3").fetchall() == []
    assert db.execute(f"{surplus} LIMIT 3").fetchall() == []


@pytest.mark.parametrize(("name", "events"), EVENT_LISTS)
def test_every_element_is_an_event_of_the_window_before_the_row(db: duckdb.DuckDBPyConnection, name: str, events: str) -> None:
    """An element may stand in a list at most as often as the user's feed has such an event in [t - window, t)."""
    for window in WINDOWS:
        elements = f"""
            SELECT row, user_id, event_timestamp AS t, element, count(*) AS times
            FROM (SELECT row_number() OVER () AS row, *, unnest({name}_artwork_ids_{window}) AS element FROM published)
            GROUP BY ALL"""
        assert one(db, f"SELECT sum(times) FROM ({elements})") > 1000
        leaks = db.execute(f"""
            SELECT e.user_id, t, element, times FROM ({elements}) e
              LEFT JOIN feed f ON f.user_id = e.user_id AND f.artwork_id = element AND f.event IN {events}
                AND f.event_timestamp < t AND f.event_timestamp >= t - INTERVAL {window[0]} DAY
            GROUP BY e.row, e.user_id, t, element, times HAVING times > count(f.event) LIMIT 3""").fetchall()
        assert leaks == []


@pytest.mark.parametrize("name", ["like_artwork_ids", "like_artwork_author_ids", "like_artwork_model_ids", "view_artwork_ids"])
def test_a_shorter_window_is_a_prefix_of_a_longer_one(db: duckdb.DuckDBPyConnection, name: str) -> None:
    for short, long in [("1d", "3d"), ("3d", "7d")]:
        assert one(db, f"""SELECT count(*) FROM published
            WHERE {name}_{short} IS DISTINCT FROM {name}_{long}[:len({name}_{short})]""") == 0  # fmt: skip


def test_a_shorter_window_of_a_distinct_list_is_held_by_the_longer_one(db: duckdb.DuckDBPyConnection) -> None:
    name = "like_artwork_tack_ids"
    for short, long in [("1d", "3d"), ("3d", "7d")]:
        assert one(db, f"SELECT count(*) FROM published WHERE NOT list_has_all({name}_{long}, {name}_{short})") == 0
    for window in WINDOWS:
        assert one(db, f"""SELECT count(*) FROM published
            WHERE len({name}_{window}) <> len(list_distinct({name}_{window}))""") == 0  # fmt: skip


def test_counts_grow_with_the_window(db: duckdb.DuckDBPyConnection) -> None:
    ordered = "like_artwork_cnts_1d BETWEEN 0 AND like_artwork_cnts_3d AND like_artwork_cnts_3d <= like_artwork_cnts_7d"
    assert one(db, f"SELECT count(*) FROM published WHERE ({ordered}) IS NOT TRUE") == 0


@pytest.mark.parametrize("window", WINDOWS)
def test_likes_never_hold_the_candidate(db: duckdb.DuckDBPyConnection, window: str) -> None:
    assert one(db, f"SELECT count(*) FROM published WHERE list_contains(like_artwork_ids_{window}, artwork_id)") == 0
    # The rule is at work: some rows do have an earlier like of their own artwork.
    assert one(db, f"SELECT count(*) FROM published WHERE len(like_artwork_ids_{window}) < like_artwork_cnts_{window}") > 10


def test_no_list_is_null(db: duckdb.DuckDBPyConnection) -> None:
    described = db.execute("SELECT column_name FROM (DESCRIBE published) WHERE column_type = 'VARCHAR[]'").fetchall()
    names = [name for (name,) in described if name.rpartition("_")[2] in WINDOWS or name in COMPARED[-2:]]
    assert len(names) == 3 * 6 + 2
    for name in names:
        assert one(db, f"SELECT count(*) FROM published WHERE {name} IS NULL OR list_contains({name}, NULL)") == 0


def test_animated_artworks_survive_and_old_models_do_not(db: duckdb.DuckDBPyConnection) -> None:
    impressions = "artwork_type = 'ANIMATED_ARTWORK'"
    survivors = one(db, f"SELECT count(*) FROM events WHERE {impressions} AND event_timestamp::DATE >= '{DAYS[0]}'")
    assert survivors > 50
    assert one(db, f"SELECT count(*) FROM published WHERE {impressions}") == survivors
    assert db.execute(f"SELECT DISTINCT model_type FROM published WHERE {impressions}").fetchall() == [("DEFAULT_I2V_MODEL",)]
    assert one(db, "SELECT count(*) FROM published WHERE model_type = 'SD_V1_MODEL'") == 0
    assert one(db, f"SELECT count(*) FROM target WHERE NOT {impressions} AND model_type = 'SD_V1_MODEL'") > 100


@pytest.mark.parametrize("day", DAYS)
def test_row_accounting_equals_counts_of_the_raw_feed(world: Path, db: duckdb.DuckDBPyConnection, day: str) -> None:
    own = f"FROM feed WHERE event_timestamp::DATE = '{day}'"
    invalid = "(user_id IS NULL OR artwork_id IS NULL OR event IS NULL)"
    raw = one(db, f"SELECT count(*) {own}")
    dropped = one(db, f"SELECT count(*) {own} AND {invalid}")
    uncovered = one(db, f"SELECT count(*) {own} AND NOT {invalid} AND event IN {IMPRESSIONS} AND artwork_id NOT IN (FROM pool)")
    old = one(db, f"SELECT count(*) FROM target WHERE event_timestamp::DATE = '{day}' AND model_type = 'SD_V1_MODEL'")
    published = one(db, f"SELECT count(*) FROM published WHERE dt = '{day}'")
    expected, rows_in = [], raw
    for step, reason, count in [
        ("spine", "invalid", dropped),
        ("embedding_coverage", "not_in_pool", uncovered),
        ("content_filter", "rule_0", old),
    ]:
        expected.append({"step": step, "rows_in": rows_in, "dropped": {reason: count}, "rows_out": rows_in - count})
        rows_in -= count
    manifest = dp.manifest(dp.output_root(world), day)
    assert manifest["row_accounting"] == expected
    assert rows_in == published == sum(part["rows"] for part in manifest["parts"])
    assert [part["rows"] for part in manifest["parts"][:-1]] == [1000] * (len(manifest["parts"]) - 1)


@pytest.mark.parametrize("day", DAYS)
def test_rows_stand_in_the_total_order(world: Path, day: str) -> None:
    after_tie = ["artwork_id", "event", "current_like_count", "country_code", "platform_code", "retriever_id", "member_source"]
    columns = ["user_id", "event_timestamp", *after_tie, "feed_session"]

    def nulls_first(value: str | int | None) -> tuple[bool, bytes | int]:
        return (value is not None, value.encode() if isinstance(value, str) else value or 0)

    rows = dp.rows(dp.output_root(world), day, columns)
    keys = [
        (row["user_id"].encode(), row["event_timestamp"], tie(row["artwork_id"], row["event"]))
        + tuple(nulls_first(row[name]) for name in [*after_tie, "feed_session"])
        for row in rows
    ]
    assert keys == sorted(keys)
    assert len({key[:2] for key in keys}) < len({key[:3] for key in keys}) < len(keys), "the world has no ties"


def test_a_session_has_one_qid_in_the_order_of_its_appearance(world: Path, db: duckdb.DuckDBPyConnection) -> None:
    expected = db.execute("""
        WITH appearances AS (
          SELECT feed_session, event_timestamp::DATE AS day, min(event_timestamp) AS first_time
          FROM expected WHERE feed_session IS NOT NULL GROUP BY ALL),
        firsts AS (FROM appearances QUALIFY row_number() OVER (PARTITION BY feed_session ORDER BY day) = 1)
        SELECT feed_session, row_number() OVER (ORDER BY day, first_time, feed_session) AS qid FROM firsts ORDER BY qid
    """).fetchall()  # fmt: skip
    qid_map = f"'{dp.output_root(world)}/qid_map.parquet'"
    assert db.execute(f"SELECT feed_session, qid FROM {qid_map} ORDER BY qid").fetchall() == expected
    assert one(db, f"SELECT count(*) FROM published p LEFT JOIN {qid_map} m USING (feed_session) WHERE p.qid IS DISTINCT FROM m.qid") == 0
    assert one(db, "SELECT count(*) FROM published WHERE feed_session IS NULL AND qid IS NULL") > 10


def test_session_filter_drops_and_accounts(world: Path, db: duckdb.DuckDBPyConnection) -> None:
    day, root = DAYS[-1], world / "filtered"
    dp.trained(
        world, "--target-date", day, "--set", "runtime.output_root=filtered",
        "--set", "runtime.session_filter={drop_view_only: true, drop_single_like: true}",
    )  # fmt: skip
    judged = f"""(SELECT *, bool_and(event IN {IMPRESSIONS}) OVER session AS view_only,
          count(*) OVER session = 1 AND event = 'like' AS single_like
        FROM target WHERE event_timestamp::DATE = '{day}' WINDOW session AS (PARTITION BY feed_session))"""
    counts = {
        reason: one(db, f"SELECT count(*) FROM {judged} WHERE feed_session IS NOT NULL AND {reason}")
        for reason in ("view_only", "single_like")
    }
    assert dp.accounting(root, day)["session_filter"]["dropped"] == counts
    assert min(counts.values()) > 0
    kept = f"""SELECT user_id, artwork_id, event_timestamp, event FROM {judged}
        WHERE (feed_session IS NULL OR NOT (view_only OR single_like)) AND model_type IS DISTINCT FROM 'SD_V1_MODEL' ORDER BY ALL"""
    published = f"SELECT user_id, artwork_id, event_timestamp, event FROM '{root}/dt={day}/part-*.parquet' ORDER BY ALL"
    assert db.execute(published).fetchall() == db.execute(kept).fetchall()
