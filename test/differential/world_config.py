"""The varied part of a random world's configuration: aggregations, windowed joins and the knobs of runtime.yaml."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pyarrow as pa

WINDOWS = ["1s", "90s", "5m", "1h", "36h", "1d", "2d", "3d", "7d", "1441m", "10d", "200h"]
DEFAULTS: list[dict[str, Any]] = [
    {"default": 0}, {"default": [0]}, {"default": None}, {"default": []}, {"default": 1.5}, {"default": True},
    {"default": "é'\""}, {"default": ["a", "b"]}, {"default": [1.5, 2.5]}, {"default": [True]},
    {"default": 7, "type": "SMALLINT"}, {"default": [1, 2], "type": "FLOAT[]"}, {"default": None, "type": "DOUBLE"},
    {"default": [], "type": "BIGINT[]"}, {"default": "2026-01-02", "type": "TIMESTAMP"},
    {"default_sql": "CAST(NULL AS FLOAT[])"}, {"default_sql": "1 + 1"}, {"default_sql": "upper('x') || 'y'"},
    {"default_sql": "[1, 2]", "type": "BIGINT[]"},
]
FEATURES_OF = {  # features by view, artworks first
    "artwork_properties": ["author_id", "hide_prompts", "is_sensitive", "artwork_type", "artwork_created_at"],
    "artwork_generation": ["model_id", "model_type", "width", "height", "lightning", "sampling_steps"],
    "artwork_aesthetic": ["aes_score"],
    "artwork_tack": ["tack_ids"],
    "artwork_vector": ["media_safety_score", "text_safety_score"],
    "user_profile": ["blur_nsfw", "show_nsfw", "safe_search", "followed_user_ids", "user_created_at"],
}


def vary_aggregations(plan: Any) -> dict[str, Any]:
    rng: random.Random = plan.rng
    static = [f for view, features in FEATURES_OF.items() if view != "user_profile" for f in features]
    columns = ["artwork_id", "artwork_id", "author_id", "tack_ids", "tack_ids", "model_id", *static, *plan.feed_column_types()]
    specs = []
    for number in range(rng.randint(1, 6)):
        column = rng.choice(columns)
        events = rng.sample(plan.events, rng.randint(1, 3))
        spec: dict[str, Any] = {"name": f"agg{number}", "events": events}
        spec["windows"] = "cumulative" if rng.random() < 0.3 else rng.sample(WINDOWS, rng.randint(1, 3))
        if rng.random() < 0.2:
            specs.append(spec | {"agg": "count"} | ({"column": column} if rng.random() < 0.3 else {}))
            continue
        spec["column"] = column
        if column == "tack_ids" and rng.random() < 0.85:
            spec["flatten_distinct"] = True
        for key, values in {"exclude_self": [True, False], "distinct": [True, False], "max_length": [1, 2, 3, None],
                            "order": ["oldest_first", "newest_first"], "agg": ["list"]}.items():
            if rng.random() < 0.4:
                spec[key] = rng.choice(values)
        specs.append(spec)
    return {"aggregation_specs": specs, "windowed_joins": vary_joins(rng)}


def vary_joins(rng: random.Random) -> list[dict[str, Any]]:
    joins = []
    for number in range(rng.choice([0, 1, 1, 2])):
        join: dict[str, Any] = {"name": f"join{number}", "view": "artwork_properties", "on": {"author_id": "user_id"},
                                "time": rng.choice(["artwork_created_at", "artwork_created_at", "updated_at"]),
                                "value": rng.choice(["artwork_id", "artwork_id", "artwork_type", "hide_prompts"]),
                                "window": rng.choice(["1h", "1d", "30d", "400d"]), "max_length": rng.choice([1, 2, 50])}
        if rng.random() < 0.2:
            join["on"] = rng.choice([{"artwork_id": "artwork_id"}, {"author_id": "user_id", "artwork_id": "artwork_id"}])
        joins.append(join)
    return joins


def vary_runtime(plan: Any) -> None:
    """Fills plan.runtime: first what every world needs, then the knobs."""
    rng: random.Random = plan.rng
    month = plan.days[0]
    last = plan.days[-1] + timedelta(days=rng.choice([0, 0, 31]))
    as_text = rng.random() < 0.5
    months = [f"{month:%Y%m}", f"{last:%Y%m}"]
    plan.runtime = {
        "feed_start": months[0] if as_text else int(months[0]),
        "feed_end": months[1] if as_text else int(months[1]),
        "output_root": str(plan.directory / "output"),
        "max_invalid_fraction": rng.choice([1.0] * 6 + [0.25, 0.5, 0]),
        "entity_spine_chunk_rows": rng.choice([1, 2, 7, 50, 500000]),
        "day_workers": rng.choice([1, 1, 2, 3]),
        "compute": {"duckdb_config": {"threads": rng.choice([1, 2, 4]), "memory_limit": "1GB",
                                      "temp_directory": str(plan.directory / "tmp")}},
    }
    if rng.random() < 0.5:
        plan.runtime["session_filter"] = {"drop_view_only": rng.random() < 0.6, "drop_single_like": rng.random() < 0.6}
    if plan.shipped:
        if rng.random() < 0.3:
            plan.runtime["embedding_coverage_filter"] = {"enabled": False}
        return
    rules: dict[str, Any] = {"enabled": rng.random() < 0.8}
    if rng.random() < 0.6:
        rules["events"] = rng.choice(["all", ["like"], ["reco_artwork_view"], ["like", "click", "dislike_click"]])
    plan.runtime["embedding_coverage_filter"] = rules
    views = rng.sample(list(FEATURES_OF), rng.randint(1, 6))
    plan.runtime["feature_refs"] = [v if rng.random() < 0.7 else f"{v}:{rng.choice(FEATURES_OF[v])}" for v in views]
    if rng.random() < 0.15:  # one more reference to a view that is there
        plan.runtime["feature_refs"].append(f"{views[0]}:{FEATURES_OF[views[0]][-1]}")
    features = [f for v in views for f in FEATURES_OF[v]]
    ages = vary_ages(plan, features)
    plan.runtime["age_columns"] = ages
    curation = [vary_curation(plan, features) for _ in range(rng.choice([0, 1, 2]))]
    plan.runtime["curation"] = [rule for rule in curation if rule["set"]]
    plan.runtime["content_filter"] = [vary_rule(plan, features) for _ in range(rng.choice([0, 1, 2, 3]))]
    plan.runtime["output_columns"] = vary_output(plan, features, list(ages))


def vary_ages(plan: Any, features: list[str]) -> dict[str, Any]:
    rng: random.Random = plan.rng
    since = [f for f in ("artwork_created_at", "user_created_at", "event_timestamp") if f in [*features, "event_timestamp"]]
    count = rng.choice([0, 1, 2])
    return {f"age{n}": {"since": rng.choice(since), "unit": rng.choice(["s", "m", "h", "d"])} for n in range(count)}


def candidates(plan: Any, features: list[str]) -> dict[str, list[Any]]:
    """Columns that a rule may name, with the values that occur in them."""
    values: dict[str, list[Any]] = {
        "artwork_type": ["ANIMATED_ARTWORK", "ARTWORK", "COMIC"], "model_type": ["SD_V1_MODEL", "FLUX", "nothing"],
        "hide_prompts": [True, False], "lightning": [True, False], "show_nsfw": [True], "width": [0, 1, 2, 10],
        "height": [3, 10], "aes_score": [0.5, 1.5], "media_safety_score": [0.5, -2.25], "safe_search": ["A", "b", "é"],
    }
    found = {c: v for c, v in values.items() if c in features}
    types = plan.feed_column_types()
    if "country_code" in types and plan.encodings.get("country_code"):
        found["country_code"] = [0, 840, 276]
    if types.get("retriever_id") == pa.string():
        found["retriever_id"] = ["A", "r1", "r10"]
    return found


def vary_rule(plan: Any, features: list[str], with_event: bool = True) -> dict[str, Any]:
    rng: random.Random = plan.rng
    found = candidates(plan, features)
    if with_event or not found:
        found["event"] = ["like", "click"]
    rule: dict[str, Any] = {}
    for column in rng.sample(list(found), min(len(found), rng.choice([1, 1, 2]))):
        values = found[column]
        rule[column] = rng.choice([rng.choice(values), rng.choice(values), None, [rng.choice(values), None],
                                   rng.sample(values, min(2, len(values)))])
    return rule


def vary_curation(plan: Any, features: list[str]) -> dict[str, Any]:
    rng: random.Random = plan.rng
    found = candidates(plan, features)
    if not found:
        found = {"retriever_id": ["A"]} if "retriever_id" in plan.feed_column_types() else {}
    chosen = rng.sample(list(found), min(len(found), rng.choice([1, 1, 2])))
    change = {c: rng.choice([*found[c], None]) for c in chosen}
    return {"when": vary_rule(plan, features), "set": change}


def vary_output(plan: Any, features: list[str], ages: list[str]) -> list[Any]:
    """A shuffled part of the columns that exist, columns that don't with their defaults, and casts."""
    rng: random.Random = plan.rng
    types = plan.feed_column_types()
    rolled = []
    for spec in plan.aggregations["aggregation_specs"]:
        windows = spec["windows"]
        rolled += [spec["name"]] if windows == "cumulative" else [f"{spec['name']}_{w}" for w in windows]
    rolled += [join["name"] for join in plan.aggregations["windowed_joins"]]
    others = [*list(types)[4:], *features, *ages]
    if "feed_session" in types and rng.random() < 0.5:
        others.append("qid")
    numbers = {"width", "height", "sampling_steps", *ages, *plan.encodings}
    columns: list[Any] = ["user_id", "artwork_id", "event_timestamp", "event", *rolled]
    columns += rng.sample(others, rng.randint(0, len(others)))
    result: list[Any] = []
    for column in columns:
        roll = rng.random()
        if roll < 0.1:  # a default never replaces anything in a column that exists
            result.append({"name": column, "default": rng.choice([99, None, "x"])})
        elif roll < 0.2 and column in numbers:
            result.append({"name": column, "type": rng.choice(["BIGINT", "VARCHAR", "DOUBLE"])})
        elif roll < 0.3 and column == "event_timestamp":  # a key of the order, of which a cast leaves less
            result.append({"name": column, "type": "DATE"})
        elif roll < 0.3 and column in types and types[column] in (pa.int32(), pa.int64()):
            result.append({"name": column, "type": "VARCHAR"})
        else:
            result.append(column)
    for number, default in enumerate(rng.sample(DEFAULTS, rng.randint(0, 4))):
        result.append({"name": f"filled{number}"} | default)
    result += [{"name": c, "default": 0} for c in plan.passthrough if c not in types and rng.random() < 0.7]
    if rng.random() < 0.5:
        rng.shuffle(result)
    return result
