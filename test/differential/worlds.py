"""Random worlds: `make_world(seed, directory)` writes a small feed, views, a pool and a configuration over them.

A third of the worlds keep the shipped aggregations and output columns; the others vary all of it.  Everything is
derived from the seed, so a world can be made again.
"""

from __future__ import annotations

import copy
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

import settings
from values import DAY_US, duration_us
from world_config import vary_aggregations, vary_runtime
from world_data import (EVENTS, TIME_TYPES, Row, detectable, event_times, hot_times, make_events, make_ids, make_view,
                        partition_file, source_types, write_rows)

LAYOUTS = ["month={YYYYMM}", "month={YYYYMM}", "{YYYY}/{MM}", "{YYYY}/{MM}/{DD}", "year={YYYY}", "{YYYYMM}/day={DD}", ""]
FIRST_DAYS = [date(2026, 3, 1), date(2026, 5, 1), date(2026, 1, 1), date(2024, 3, 1), date(2026, 4, 30), date(2026, 2, 17)]
PASSTHROUGH = ["current_like_count", "country_code", "platform_code", "retriever_id", "member_source"]


class Plan:
    """What a world is made of, before anything is written."""

    def __init__(self, seed: int, directory: Path) -> None:
        self.rng = rng = random.Random(seed)
        self.directory = directory
        self.shipped = seed % 3 == 0
        self.feed_format = rng.choice(["parquet"] * 6 + ["csv", "json", "lance"])
        first = rng.choice(FIRST_DAYS)
        self.days = [first + timedelta(days=n) for n in range(rng.choice([1, 2, 3, 1, 2, 3, 8]))]
        self.safe = self.feed_format == "csv"
        self._choose_ids()
        self.events = list(EVENTS)
        if not self.shipped and not self.safe and rng.random() < 0.3:
            self.events.append("b\x1flike")  # with the ids 'a' and 'a<0x1F>b' two ties are equal
        self._choose_feed_columns()
        self.views = {name: read_shipped(f"catalog/views/{name}.yaml") for name in sorted(SHIPPED_VIEWS)}
        self.view_types = {name: make() for name, make in SHIPPED_VIEWS.items()}
        self._choose_feature_types()
        self.aggregations = read_shipped("training/aggregations.yaml")
        self.runtime: dict[str, Any] = {}
        if not self.shipped:
            self.aggregations = vary_aggregations(self)
        specs = self.aggregations["aggregation_specs"]
        self.windows = [duration_us(w) for s in specs for w in settings.windows_of(s)] or [DAY_US]
        self.time_pool = event_times(rng, self.days, self.windows)
        self.hot = hot_times(rng, self.time_pool)

    def _choose_ids(self) -> None:
        rng = self.rng
        kinds = [pa.string(), pa.string(), pa.int64(), pa.int32()]
        self.user_type, self.artwork_type = rng.choice(kinds), rng.choice(kinds)
        self.users = make_ids(rng, self.user_type, rng.randint(2, 8), self.safe)
        self.artworks = make_ids(rng, self.artwork_type, rng.randint(3, 15), self.safe)
        self.session_type = rng.choice([pa.string(), pa.string(), pa.int64()])
        texts = ["s1", "s2", "s10", "S", "é", "😀"] if self.session_type == pa.string() else [1, 2, 10, 11, -3, 7]
        self.session_values: list[Any] = [*texts, None]

    def _choose_feed_columns(self) -> None:
        """Types by our names; `optional` maps those that some or all files lack to the share of files without."""
        rng = self.rng
        self.passthrough = list(PASSTHROUGH)
        if not self.shipped and rng.random() < 0.5:
            self.passthrough = rng.sample(PASSTHROUGH, rng.randint(0, 5)) + rng.sample(["month", "extra", "filename"], rng.randint(0, 2))
        codes = [pa.string(), pa.string(), pa.int32(), pa.int64()]
        types = {"user_id": self.user_type, "artwork_id": self.artwork_type, "event_timestamp": pa.timestamp("us"),
                 "event": pa.string()}
        options = {"current_like_count": [pa.int32(), pa.int64(), pa.float64()], "country_code": codes, "platform_code": codes}
        for column in self.passthrough:
            types[column] = rng.choice(options.get(column, [pa.string()]))
        self.session: str | None = "feed_session" if rng.random() < 0.85 else None
        if self.session:
            types["feed_session"] = self.session_type
        self.feed_types = types
        self.absent = {c for c in list(types)[4:] if rng.random() < (0.12 if c not in ("month", "filename") else 0.6)}
        self.patchy = {c for c in list(types)[4:] if c not in self.absent and rng.random() < 0.25}
        self.encodings: dict[str, Any] = {"country_code": "iso3166_numeric", "platform_code": {"ios": 1, "android": 2, "web": 3}}
        if not self.shipped and rng.random() < 0.3:
            self.encodings = {"member_source": {"A": 4, "r1": 9, "b": 4}, "platform_code": "iso3166_numeric"}
        self.encodings = {c: r for c, r in self.encodings.items() if c in types}

    def _choose_feature_types(self) -> None:
        rng = self.rng
        for name, types in self.view_types.items():
            ids, kind = (self.users, self.user_type) if name == "user_profile" else (self.artworks, self.artwork_type)
            types[self.views[name]["entity"]] = other_width(rng, kind, ids)
        self.view_types["artwork_properties"]["author_id"] = self.user_type
        self.view_types["user_profile"]["followed_user_ids"] = pa.list_(self.user_type)
        self.view_types["artwork_tack"]["tack_ids"] = pa.list_(rng.choice([pa.string(), pa.int64()]))
        self.view_types["artwork_generation"]["model_id"] = rng.choice([pa.string(), pa.int32(), pa.int64()])

    @property
    def pool_key_type(self) -> pa.DataType:
        return other_width(self.rng, self.artwork_type, self.artworks)

    def feed_column_types(self) -> dict[str, pa.DataType]:
        """The feed columns that exist, as they are after encoding."""
        types = {c: t for c, t in self.feed_types.items() if c not in self.absent}
        return types | {c: pa.int32() for c in self.encodings}


def other_width(rng: random.Random, kind: pa.DataType, ids: list[Any]) -> pa.DataType:
    """'Keys must have one type everywhere; integer widths may differ.'"""
    if not pa.types.is_integer(kind) or any(abs(i) >= 2**31 for i in ids):
        return kind
    return rng.choice([kind, pa.int32(), pa.int64()])


SHIPPED_VIEWS: dict[str, Any] = {
    "artwork_properties": lambda: {"hide_prompts": pa.bool_(), "is_sensitive": pa.bool_(), "artwork_type": pa.string(),
                                   "artwork_created_at": pa.timestamp("us")},
    "artwork_generation": lambda: {"model_type": pa.string(), "width": pa.int32(), "height": pa.int16(),
                                   "lightning": pa.bool_(), "sampling_steps": pa.int64()},
    "artwork_aesthetic": lambda: {"aes_score": pa.float32()},
    "artwork_tack": lambda: {},
    "artwork_vector": lambda: {"media_safety_score": pa.float64(), "text_safety_score": pa.float32()},
    "user_profile": lambda: {"blur_nsfw": pa.bool_(), "show_nsfw": pa.bool_(), "safe_search": pa.string(),
                             "user_created_at": pa.timestamp("us")},
}


def read_shipped(name: str) -> dict[str, Any]:
    return yaml.safe_load((settings.defaults_dir() / name).read_text(encoding="utf-8"))


def make_world(seed: int, directory: Path | str) -> Path:
    """Writes a world; gives the configuration directory."""
    directory = Path(directory)
    plan = Plan(seed, directory)
    config: dict[str, Any] = {"catalog/feed.yaml": write_feed(plan)}
    for name, view in plan.views.items():
        config[f"catalog/views/{name}.yaml"] = write_view(plan, name, view)
    vary_runtime(plan)
    config["catalog/embedding_pool.yaml"] = write_pool(plan)
    config["training/aggregations.yaml"] = plan.aggregations
    config["training/runtime.yaml"] = plan.runtime
    for name, content in config.items():
        path = directory / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return directory / "config"


def write_feed(plan: Plan) -> dict[str, Any]:
    """The feed's files, a few rows of them in a partition that is not theirs, and feed.yaml."""
    rng, fmt = plan.rng, plan.feed_format
    layout = rng.choice(LAYOUTS)
    name = "*.lance" if fmt == "lance" else f"*.{fmt}"
    template = str(plan.directory / "data/feed" / layout / name)
    rows = make_events(rng, plan, rng.choice([20, 60, 100, 150]))
    base = plan.time_pool[0]
    known = [r["event_timestamp"] for r in rows if r["event_timestamp"] is not None] or [base]
    files: dict[str, list[Row]] = defaultdict(list)
    misplaced = rng.choice([0, 0.03])
    for row in rows:
        home = rng.choice(known) if row["event_timestamp"] is None or rng.random() < misplaced else row["event_timestamp"]
        part = f"part-{rng.randint(0, 1)}" if layout != "" or rng.random() < 0.5 else "all"
        files[partition_file(template, home).replace("*", part)].append(row)
    columns = renames(plan)
    present = {c: t for c, t in plan.feed_types.items() if c not in plan.absent}
    for number, (path, part) in enumerate(sorted(files.items())):
        types = {c: t for c, t in present.items() if c not in plan.patchy or number == 0 or rng.random() < 0.6}
        write_feed_file(plan, Path(path), part, types, columns)
    if fmt == "parquet":
        write_strays(plan, template, rows, {columns.get(c, c): t for c, t in present.items()})
    source: dict[str, Any] = {"path": template} if fmt == "parquet" and rng.random() < 0.5 else {"format": fmt, "path": template}
    known_types = source_types(fmt, {columns.get(c, c): t for c, t in present.items()})
    if known_types and rng.random() < 0.5:
        for column in detectable(list(files.values()), {c: t for c, t in present.items() if c not in plan.patchy}):
            known_types.pop(columns.get(column, column))
    if known_types:
        source["types"] = known_types
    feed: dict[str, Any] = {"source": source}
    if columns or rng.random() < 0.5:
        feed["columns"] = columns
    if plan.passthrough != PASSTHROUGH:
        feed["passthrough"] = plan.passthrough
    if not plan.shipped or rng.random() < 0.5:
        feed["encodings"] = plan.encodings
    if plan.session is None or rng.random() < 0.5:
        feed["session"] = plan.session
    return feed


def write_feed_file(plan: Plan, path: Path, rows: list[Row], types: dict[str, pa.DataType], columns: dict[str, str]) -> None:
    """One file under the source's names, sometimes with a column that is nobody's."""
    rng, fmt = plan.rng, plan.feed_format
    types = types | {"event_timestamp": rng.choice(TIME_TYPES[:3] if fmt == "lance" else TIME_TYPES)}
    theirs = {columns.get(c, c): t for c, t in types.items()}
    out = [{columns.get(c, c): row[c] for c in types} for row in rows]
    strays = [c for c in columns if c not in theirs] + ["author_id", "model_type", "qid", "not_ours"]
    if not plan.shipped and rng.random() < 0.2 and fmt == "parquet":
        stray = rng.choice(strays)
        theirs[stray] = pa.string()
        out = [row | {stray: "stray"} for row in out]
    write_rows(rng, fmt, path, out, theirs)


def write_strays(plan: Plan, template: str, rows: list[Row], types: dict[str, pa.DataType]) -> None:
    """A file without rows, and a folder that is no partition."""
    rng = plan.rng
    if rng.random() < 0.15:
        write_rows(rng, "parquet", Path(partition_file(template, rng.choice(plan.time_pool)).replace("*", "empty")), [], types)
    if "{YYYYMM}" in template and rng.random() < 0.1:
        path = Path(template.replace("{YYYYMM}", "latest").replace("{DD}", "01").replace("*", "junk"))
        write_rows(rng, "parquet", path, [], {"nothing": pa.string()})


def renames(plan: Plan) -> dict[str, str]:
    """`columns` maps ours to the source's where they differ."""
    if plan.rng.random() < 0.6:
        return {}
    if plan.rng.random() < 0.15 and {"retriever_id", "member_source"} <= set(plan.feed_types):
        return {"retriever_id": "member_source", "member_source": "retriever_id"}
    names = {"user_id": "uid", "artwork_id": "item id", "event_timestamp": "ts", "event": "Action", "feed_session": "session",
             "country_code": "geo", "retriever_id": "retriever", "current_like_count": "likes"}
    return {c: names[c] for c in plan.feed_types if c in names and plan.rng.random() < 0.5}


def write_view(plan: Plan, name: str, view: dict[str, Any]) -> dict[str, Any]:
    rng, types = plan.rng, plan.view_types[name]
    entities = plan.users if view["entity"] == "user_id" else plan.artworks
    rows = make_view(rng, plan, entities, view, types)
    listed = any(pa.types.is_list(t) for t in types.values())
    others = ["lance"] if listed else ["csv", "json", "lance"]
    if not plan.safe and "csv" in others:
        others.remove("csv")  # ids with line breaks and the like are for the other formats
    fmt = rng.choice(["parquet"] * 8 + others)
    files = rng.choice([1, 1, 2])
    if len(rows) < files:
        fmt = "parquet"  # an empty JSON file has no columns
    stamp_types = TIME_TYPES[:3] if fmt == "lance" else [*TIME_TYPES, pa.timestamp("ms")]
    stamps = {c: rng.choice(stamp_types) for c, t in types.items() if pa.types.is_timestamp(t)}
    stamps[view["timestamp_field"]] = rng.choice(stamp_types)
    kinds = types | stamps
    for number in range(files):
        write_rows(rng, fmt, plan.directory / f"data/views/{name}/{number}.{fmt}", rows[number::files], kinds)
    source: dict[str, Any] = {"format": fmt, "path": str(plan.directory / f"data/views/{name}/*.{fmt}")}
    if fmt in ("csv", "json"):
        source["types"] = source_types(fmt, kinds) | {c: "TIMESTAMPTZ" for c in stamps if c != view["timestamp_field"]}
    if fmt == "parquet" and rng.random() < 0.3:
        return {"source": source}  # the rest is as shipped
    return {**copy.deepcopy(view), "source": source}


def write_pool(plan: Plan) -> dict[str, Any]:
    """Some artworks without a row, some with only NULL vectors, some with both."""
    rng = plan.rng
    fmt = rng.choice(["lance", "lance", "parquet"])
    pool: dict[str, Any] = {"source": {"format": fmt, "path": str(plan.directory / f"data/embeddings.{fmt}")}}
    if rng.random() < 0.3:
        pool |= {"key": "id", "vector": "vec"}
    if not plan.runtime.get("embedding_coverage_filter", {}).get("enabled", True):
        return pool  # not opened, so it need not exist
    key, vector = pool.get("key", "artwork_id"), pool.get("vector", "embedding")
    rows: list[Row] = []
    for artwork in plan.artworks:
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            rows.append({key: artwork, vector: None if rng.random() < 0.2 else [0.25, -1.0, rng.random()]})
    if rng.random() < 0.2:
        rows.append({key: None, vector: [0.0, 0.0, 0.0]})
    rows = rows or [{key: plan.artworks[0], vector: [0.0, 0.0, 0.0]}]
    size = rng.choice([3, -1])
    write_rows(rng, fmt, plan.directory / f"data/embeddings.{fmt}", rows,
               {key: plan.pool_key_type, vector: pa.list_(pa.float32(), size)})
    return pool
