"""The definition of the published rows as plain SQL over the raw sources, for the shipped configuration: every history is
one join of a row with the user's events before it. Slow and short, to be compared with what daeda computes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import duckdb_extension_lance
import pyarrow as pa
import xxhash

DAYS = ["2026-05-15", "2026-05-16", "2026-05-17"]  # the target days of the property tests
VIEWS = {
    "artwork_properties": ["author_id", "hide_prompts", "is_sensitive", "artwork_type", "artwork_created_at"],
    "artwork_generation": ["model_id", "model_type", "width", "height", "lightning", "sampling_steps"],
    "artwork_tack": ["tack_ids"],
    "user_profile": ["blur_nsfw", "show_nsfw", "safe_search", "followed_user_ids", "user_created_at"],
}
IMPRESSIONS = "('reco_artwork_view', 'reco_artwork_view2')"
WINDOWS = ["1d", "3d", "7d"]
# name, value, condition on the event e and the row r
LISTS = [
    ("like_artwork_ids", "artwork_id", "e.event = 'like' AND e.artwork_id <> r.artwork_id"),
    ("like_artwork_author_ids", "author_id", "e.event = 'like'"),
    ("like_artwork_model_ids", "model_id", "e.event = 'like'"),
    ("view_artwork_ids", "artwork_id", f"e.event IN {IMPRESSIONS}"),
    ("click_artwork_ids", "artwork_id", "e.event = 'click'"),
]
COMPARED = (
    ["user_id", "artwork_id", "event_timestamp", "event", "feed_session", "retriever_id", "member_source"]
    + ["author_id", "artwork_type", "artwork_age", "user_age", "model_id", "model_type", "tack_ids"]
    + [f"{name}_{window}" for name, _, _ in LISTS for window in WINDOWS]
    + [f"{name}_{window}" for name in ("like_artwork_cnts", "like_artwork_tack_ids") for window in WINDOWS]
    + ["dislike_artwork_ids", "user_recent_published_artworks"]
)


def tie(artwork_id: str, event: str) -> int:
    return xxhash.xxh3_64_intdigest(artwork_id.encode() + b"\x1f" + event.encode())


def connect(world: Path) -> duckdb.DuckDBPyConnection:
    """The raw sources of `world`: feed (only rows in their own partition), pool, and each view reduced to its latest rows."""
    db = duckdb.connect(config={"threads": 2, "allow_unsigned_extensions": "true"})
    extension = next(Path(duckdb_extension_lance.__file__).parent.glob("extensions/*/lance.duckdb_extension"))
    db.execute(f"LOAD '{extension}'")
    db.execute(f"""
        CREATE TABLE feed AS
        SELECT * EXCLUDE (filename) FROM read_parquet('{world}/data/feed/*/*.parquet', filename = true, hive_partitioning = false)
        WHERE strftime(event_timestamp, '%Y%m') = regexp_extract(filename, 'month=([0-9]{{6}})', 1)""")
    db.execute(f"CREATE TABLE pool AS SELECT DISTINCT artwork_id FROM '{world}/data/embeddings.lance' WHERE embedding IS NOT NULL")
    for view, features in VIEWS.items():
        key = "user_id" if view == "user_profile" else "artwork_id"
        newest = ", ".join(f"{column} DESC NULLS LAST" for column in ["updated_at", *features])
        db.execute(f"""
            CREATE TABLE {view} AS FROM '{world}/data/views/{view}/*.parquet' WHERE {key} IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {newest}) = 1""")
    return db


def create_expected(db: duckdb.DuckDBPyConnection, days: list[str]) -> None:
    """Tables `events` (what histories are made of), `target` (the days' rows before the content filter) and `expected`."""
    pairs = db.execute("SELECT DISTINCT artwork_id, event FROM feed WHERE artwork_id IS NOT NULL AND event IS NOT NULL").fetchall()
    ties = pa.table({
        "artwork_id": [artwork for artwork, _ in pairs],
        "event": [event for _, event in pairs],
        "tie": pa.array([tie(*pair) for pair in pairs], pa.uint64()),
    })  # fmt: skip
    db.register("ties", ties)
    # Events that are equal up to `event` have the same values, so their order among each other is of no consequence here.
    db.execute(f"""
        CREATE TABLE events AS
        SELECT feed.*, author_id, model_id, tack_ids, artwork_type, artwork_created_at, model_type,
          row_number() OVER (PARTITION BY user_id ORDER BY event_timestamp, tie, artwork_id, event) AS place
        FROM feed JOIN ties USING (artwork_id, event)
          LEFT JOIN artwork_properties USING (artwork_id)
          LEFT JOIN artwork_generation USING (artwork_id)
          LEFT JOIN artwork_tack USING (artwork_id)
        WHERE user_id IS NOT NULL AND (event NOT IN {IMPRESSIONS} OR artwork_id IN (FROM pool))""")
    db.execute(f"""
        CREATE TABLE target AS
        SELECT row_number() OVER () AS row, * REPLACE (
          CASE WHEN artwork_type = 'ANIMATED_ARTWORK' AND model_type = 'SD_V1_MODEL' THEN 'DEFAULT_I2V_MODEL' ELSE model_type END
          AS model_type)
        FROM events WHERE event_timestamp::DATE BETWEEN '{days[0]}' AND '{days[-1]}'""")
    db.execute("""
        CREATE TABLE history AS
        SELECT r.row, e.event, e.artwork_id, e.author_id, e.model_id, e.place, CASE WHEN e.event = 'like' THEN e.tack_ids END AS tack_ids,
          e.event_timestamp >= r.event_timestamp - INTERVAL 1 DAY AS in_1d,
          e.event_timestamp >= r.event_timestamp - INTERVAL 3 DAY AS in_3d,
          e.event_timestamp >= r.event_timestamp - INTERVAL 7 DAY AS in_7d
        FROM target r JOIN events e ON e.user_id = r.user_id AND e.event_timestamp < r.event_timestamp""")
    lists = [
        f"coalesce(list(e.{value} ORDER BY e.place DESC) FILTER (in_{w} AND e.{value} IS NOT NULL AND {condition}), []) AS {name}_{w}"
        for name, value, condition in LISTS
        for w in WINDOWS
    ] + [f"count(*) FILTER (in_{w} AND e.event = 'like') AS like_artwork_cnts_{w}" for w in WINDOWS]
    tacks = [
        f"list(tack ORDER BY newest_{w}, nth_{w}) FILTER (newest_{w} IS NOT NULL) AS like_artwork_tack_ids_{w}" for w in WINDOWS
    ]
    # Of equal tacks the first counts: the one of the newest event, and there the first of the list.
    newest = [
        f"min(-place) FILTER (in_{w}) AS newest_{w}, arg_min(nth, (-place, nth)) FILTER (in_{w}) AS nth_{w}" for w in WINDOWS
    ]
    db.execute(f"""
        CREATE TABLE expected AS
        WITH rolled AS (SELECT r.row, {", ".join(lists)} FROM target r LEFT JOIN history e USING (row) GROUP BY r.row),
        tacks AS (
          SELECT row, {", ".join(tacks)} FROM (
            SELECT row, tack, {", ".join(newest)}
            FROM (SELECT row, place, in_1d, in_3d, in_7d, unnest(tack_ids) AS tack, generate_subscripts(tack_ids, 1) AS nth
                  FROM history WHERE event = 'like')
            WHERE tack IS NOT NULL GROUP BY row, tack)
          GROUP BY row),
        dislikes AS (
          SELECT row, list(artwork_id ORDER BY newest DESC) AS dislike_artwork_ids
          FROM (SELECT row, artwork_id, max(place) AS newest FROM history WHERE event = 'dislike_click' GROUP BY ALL)
          GROUP BY row),
        recent AS (
          SELECT r.row, list(p.artwork_id ORDER BY p.artwork_created_at DESC, p.artwork_id DESC)[:50] AS user_recent_published_artworks
          FROM target r JOIN artwork_properties p ON p.author_id = r.user_id
            AND p.artwork_created_at >= r.event_timestamp - INTERVAL 30 DAY AND p.artwork_created_at < r.event_timestamp
          GROUP BY r.row)
        SELECT r.* EXCLUDE (artwork_created_at, place), rolled.* EXCLUDE (row),
          {", ".join(f"coalesce(like_artwork_tack_ids_{w}, []) AS like_artwork_tack_ids_{w}" for w in WINDOWS)},
          coalesce(dislike_artwork_ids, []) AS dislike_artwork_ids,
          coalesce(user_recent_published_artworks, []) AS user_recent_published_artworks,
          greatest(0, (epoch_us(r.event_timestamp) - epoch_us(artwork_created_at)) // 86400000000)
            + (epoch_us(artwork_created_at) * 0) AS artwork_age,
          greatest(0, (epoch_us(r.event_timestamp) - epoch_us(user_created_at)) // 86400000000)
            + (epoch_us(user_created_at) * 0) AS user_age
        FROM target r JOIN rolled USING (row) LEFT JOIN tacks USING (row) LEFT JOIN dislikes USING (row) LEFT JOIN recent USING (row)
          LEFT JOIN user_profile USING (user_id)
        WHERE model_type IS DISTINCT FROM 'SD_V1_MODEL'""")
