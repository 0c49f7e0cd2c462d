"""The oracle: the skeleton stage computed one row at a time, straight from its definition.

`run(config_dir)` computes every target day in day order; `compute_day(world, day)` one of them.  Plain loops over
rows, no SQL where a result could depend on it; each comment quotes the sentence that the piece implements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Iterable

import pyarrow as pa

from settings import windows_of
from sources import Row, connection, from_arrow, plain_type, python_values
from values import DAY_US, UNIT_US, day_of, day_start_us, duration_us, order_key, same
from world import World, is_valid

Types = dict[str, pa.DataType]
Accounting = list[dict[str, Any]]


@dataclass
class DayResult:
    columns: list[tuple[str, pa.DataType]] = field(default_factory=list)
    rows: list[tuple] = field(default_factory=list)
    accounting: Accounting = field(default_factory=list)
    failed: bool = False  # a data check: more invalid rows than allowed


@dataclass
class Outcome:
    days: dict[date, DayResult]
    qids: dict[Any, int]
    chunk_rows: int
    output_root: Path
    has_session: bool
    session_type: pa.DataType | None

    @property
    def exit_code(self) -> int:
        failed = [day.failed for day in self.days.values()]
        return 0 if not any(failed) else 3 if all(failed) else 1


def run(config_dir: Path | str, order: Iterable[date] = ()) -> Outcome:
    """All target days; `order` names days that were run on their own before the others."""
    world = World(config_dir)
    qids: dict[Any, int] = {}
    days: dict[date, DayResult] = {}
    for day in [*order, *target_days(world)]:
        days[day] = compute_day(world, day, qids)  # 'a known session keeps its number for ever'
    runtime = world.config.runtime
    return Outcome(
        days=dict(sorted(days.items())),
        qids=qids,
        chunk_rows=runtime["entity_spine_chunk_rows"],
        output_root=Path(runtime["output_root"]),
        has_session=world.has_session,
        session_type=world.feed.types.get(world.config.session),
    )


def target_days(world: World) -> list[date]:
    """'The days of the months feed_start..feed_end that hold at least one row.'"""
    first, last = str(world.config.runtime["feed_start"]), str(world.config.runtime["feed_end"])
    days = {day_of(row["event_timestamp"]) for row in world.feed.rows}
    return sorted(day for day in days if first <= f"{day:%Y%m}" <= last)


def compute_day(world: World, day: date, qids: dict[Any, int] | None = None) -> DayResult:
    """The ten steps for one target day; new sessions are added to `qids`."""
    qids = {} if qids is None else qids
    start, end = day_start_us(day), day_start_us(day) + DAY_US
    own = [row for row in world.feed.rows if start <= row["event_timestamp"] < end]
    invalid = sum(not is_valid(row) for row in own)
    # 'When more than max_invalid_fraction of D's own rows are invalid, D fails.'
    if invalid / len(own) > world.config.runtime["max_invalid_fraction"]:
        return DayResult(failed=True)
    accounting: Accounting = []
    account(accounting, "spine", len(own), {"invalid": invalid})
    rows = [row for row in world.events if start <= row["event_timestamp"] < end]  # steps 1, 2 and 7
    if world.config.runtime["embedding_coverage_filter"]["enabled"]:
        account(accounting, "embedding_coverage", None, {"not_in_pool": len(own) - invalid - len(rows)})
    types = column_types(world)
    # Steps 4 to 6 see every event of the user, so that rows dropped by 8 and 10 stay in the histories.
    built = [dict(row) | roll(world, row) | windowed(world, row) for row in rows]
    built = session_filter(world, built, accounting)
    built = [join_views(world, row, types) for row in built]
    built = [curate(world, row, types) for row in built]
    built = content_filter(world, built, accounting)
    # 'Rows are ordered by user_id and then by the total order above' (the order of the events, before curation).
    order = {id(row): world.total_order(row["__event"]) for row in built}
    built.sort(key=lambda row: (order_key(row["user_id"]), order[id(row)]))
    assign_qids(world, built, qids)
    names, columns = output_columns(world, built, types)
    return DayResult(names, list(zip(*columns)), accounting)


def account(accounting: Accounting, step: str, rows_in: int | None, dropped: dict[str, int]) -> None:
    """'Each rows_in is the rows_out before it.'"""
    rows_in = accounting[-1]["rows_out"] if rows_in is None else rows_in
    rows_out = rows_in - sum(dropped.values())
    accounting.append({"step": step, "rows_in": rows_in, "dropped": dropped, "rows_out": rows_out})


# ---------------------------------------------------------------------------------------------- step 6: rolling


def roll(world: World, row: Row) -> Row:
    """All rolling aggregations of one row, and the event itself under `__event`."""
    # 'A window w of a row at t is [t - w, t)': nothing at the same instant.
    past = [e for e in world.events if e["user_id"] == row["user_id"] and e["event_timestamp"] < row["event_timestamp"]]
    result: Row = {"__event": row}
    for spec in world.config.aggregations:
        if spec["windows"] == "cumulative":  # 'cumulative has no lower bound'; columns are {name}
            result[spec["name"]] = aggregate(world, spec, row, past, implied_distinct=True)
        for window in windows_of(spec):
            since = row["event_timestamp"] - duration_us(window)
            events = [e for e in past if e["event_timestamp"] >= since]
            result[f"{spec['name']}_{window}"] = aggregate(world, spec, row, events)
    return result


def aggregate(world: World, spec: dict, row: Row, past: list[Row], implied_distinct: bool = False) -> Any:
    """One aggregation over the row's window, `past` oldest first."""
    newest_first = [e for e in reversed(past) if e["event"] in spec["events"]]
    if spec["agg"] == "count":
        return len(newest_first)  # 'counts the events instead, whatever their values'
    flatten = spec["flatten_distinct"]
    # 1. 'take column of each, newest first; a NULL value is left out; with flatten_distinct ... its elements'
    values = [v for e in newest_first for v in elements(column_of(world, e, spec["column"]), flatten)]
    # 2. 'exclude_self: leave out every value equal to the row's own column (... equal to an element of it)'
    if spec["exclude_self"]:
        own = elements(column_of(world, row, spec["column"]), flatten)
        values = [v for v in values if not any(same(v, mine) for mine in own)]
    # 3. 'distinct (implied by flatten_distinct and by cumulative): keep the first of equal values'
    if spec["distinct"] or flatten or implied_distinct:
        kept: list[Any] = []
        for v in values:
            if not any(same(v, other) for other in kept):
                kept.append(v)
        values = kept
    # 4. 'max_length: keep the first that many'
    if spec["max_length"] is not None:
        values = values[: spec["max_length"]]
    # 5. 'order: oldest_first reverses the result'
    return values[::-1] if spec["order"] == "oldest_first" else values


def elements(value: Any, flatten: bool) -> list[Any]:
    """The non-NULL values that one event gives."""
    if value is None:
        return []
    return [v for v in value if v is not None] if flatten else [value]


def column_of(world: World, event: Row, column: str) -> Any:
    """A feed column, or step 4's static column of the event's artwork."""
    if column in world.config.feed_columns():
        return event.get(column)
    view = world.view(world.config.static_view(column))
    return view.by_entity.get(event["artwork_id"], {}).get(column)


# ------------------------------------------------------------------------------- steps 8 and 9: sessions, windows


def session_filter(world: World, rows: list[Row], accounting: Accounting) -> list[Row]:
    """'Judged on the rows left after step 7; equal feed_session is one session, whoever the user.'"""
    rule = world.config.runtime["session_filter"]
    if not world.has_session or not (rule["drop_view_only"] or rule["drop_single_like"]):
        return rows
    events: dict[Any, list[str]] = defaultdict(list)
    for row in rows:
        events[row[world.config.session]].append(row["event"])
    dropped: Counter[str] = Counter()
    kept = []
    for row in rows:
        session = row[world.config.session]
        reason = None
        if session is None:
            pass  # 'Rows without a session are kept.'
        elif rule["drop_view_only"] and all(e in rule["view_events"] for e in events[session]):
            reason = "view_only"
        elif rule["drop_single_like"] and len(events[session]) == 1 and row["event"] in rule["like_events"]:
            reason = "single_like"
        if reason is None:
            kept.append(row)
        else:
            dropped[reason] += 1
    account(accounting, "session_filter", None, dict(dropped))
    return kept


def windowed(world: World, row: Row) -> Row:
    """Step 9: 'the non-NULL values whose key equals the row's and whose time lies in [t - window, t), newest first'."""
    result: Row = {}
    t = row["event_timestamp"]
    for join in world.config.windowed_joins:
        found = []
        for other in world.view(join["view"]).by_entity.values():
            keys = [(other[theirs], column_of(world, row, ours)) for theirs, ours in join["on"].items()]
            matches = all(a is not None and b is not None and same(a, b) for a, b in keys)
            time, value = other[join["time"]], other[join["value"]]
            if matches and value is not None and time is not None and t - duration_us(join["window"]) <= time < t:
                found.append((time, order_key(value), value))
        found.sort(key=lambda item: item[:2], reverse=True)
        limit = join.get("max_length")
        result[join["name"]] = [value for _, _, value in found][:limit]
    return result


# ------------------------------------------------------------------- step 10: views, ages, curation, content filter


def column_types(world: World) -> Types:
    """Every column that a row has, with its type."""
    config = world.config
    types: Types = {name: world.feed.types[name] for name in config.feed_columns() if world.has(name)}

    def type_of(column: str) -> pa.DataType:
        if column in config.feed_columns():
            return world.feed.types[column]
        return world.view(config.static_view(column)).types[column]

    for spec in config.aggregations:
        if spec["agg"] == "count":
            kind = pa.int64()  # 'yields BIGINT'
        else:
            kind = type_of(spec["column"])  # 'The element type is the column's own.'
            kind = kind if spec["flatten_distinct"] else pa.list_(kind)
        for name in [f"{spec['name']}_{w}" for w in windows_of(spec)] or [spec["name"]]:
            types[name] = kind
    for join in config.windowed_joins:
        types[join["name"]] = pa.list_(world.view(join["view"]).types[join["value"]])
    for name in config.joined_views():
        # 'All columns of view.features are loaded.'
        types |= {feature: world.view(name).types[feature] for feature in config.views[name]["features"]}
    types |= {name: pa.int64() for name in config.runtime["age_columns"]}
    if world.has_session:
        types["qid"] = pa.int64()
    return types


def join_views(world: World, row: Row, types: Types) -> Row:
    """'LEFT JOIN the views; age columns': one row stays one row."""
    joined = dict(row)
    for name in world.config.joined_views():
        config = world.config.views[name]
        match = world.view(name).by_entity.get(row[config["entity"]], {})
        joined |= {feature: match.get(feature) for feature in config["features"]}
    for name, age in world.config.runtime["age_columns"].items():
        since = joined[age["since"]]
        # 'whole units from since to t, rounded down, never below 0, NULL where since is NULL'
        whole = None if since is None else max(0, (row["event_timestamp"] - since) // UNIT_US[age["unit"]])
        joined[name] = whole
    return joined


def matches_rule(row: Row, rule: dict[str, Any]) -> bool:
    """'A list means any of its values and null means IS NULL; all columns of one rule must match.'"""

    def matches(value: Any, wanted: Any) -> bool:
        if isinstance(wanted, list):
            return any(matches(value, one) for one in wanted)
        return value is None if wanted is None else value is not None and value == wanted

    return all(matches(row[column], wanted) for column, wanted in rule.items())


def curate(world: World, row: Row, types: Types) -> Row:
    """'in order; every condition of when must hold'; the column keeps its type."""
    for rule in world.config.runtime["curation"]:
        if matches_rule(row, rule["when"]):
            for column, value in rule["set"].items():
                row[column] = float(value) if value is not None and pa.types.is_floating(types[column]) else value
    return row


def content_filter(world: World, rows: list[Row], accounting: Accounting) -> list[Row]:
    """'a row matching any of these is dropped, after curation'; 'a row counts for the first rule that it matches'."""
    rules = world.config.runtime["content_filter"]
    if not rules:
        return rows
    dropped: Counter[str] = Counter()
    kept = []
    for row in rows:
        hit = next((n for n, rule in enumerate(rules) if matches_rule(row, rule)), None)
        if hit is None:
            kept.append(row)
        else:
            dropped[f"rule_{hit}"] += 1
    account(accounting, "content_filter", None, dict(dropped))
    return kept


# ------------------------------------------------------------------------------------------- qid, output columns


def assign_qids(world: World, rows: list[Row], qids: dict[Any, int]) -> None:
    """'New sessions of published rows get the next numbers in the order (day, first event_timestamp, feed_session)'."""
    if not world.has_session:
        return
    first: dict[Any, int] = {}
    for row in rows:
        session = row[world.config.session]
        if session is not None:
            first[session] = min(first.get(session, row["event_timestamp"]), row["event_timestamp"])
    for session in sorted(first, key=lambda s: (first[s], order_key(s))):
        qids.setdefault(session, len(qids) + 1)
    for row in rows:
        row["qid"] = qids.get(row[world.config.session])


def output_columns(world: World, rows: list[Row], types: Types) -> tuple[list[tuple[str, pa.DataType]], list[list]]:
    """'Columns are exactly output_columns, in their order, then qid if the feed has feed_session and the list doesn't
    name it.'"""
    wanted = [c if isinstance(c, dict) else {"name": c} for c in world.config.runtime["output_columns"]]
    if world.has_session and all(c["name"] != "qid" for c in wanted):
        wanted.append({"name": "qid"})
    names, columns = [], []
    for column in wanted:
        name = column["name"]
        if name in types:  # the default 'never replaces a NULL in a column that exists'
            kind, values = types[name], [row[name] for row in rows]
            if column.get("type"):  # 'one that exists is cast on its way out'
                kind, values = cast(values, kind, column["type"])
        else:
            kind, value = default_value(column)
            values = [value] * len(rows)
        names.append((name, kind))
        columns.append(values)
    return names, columns


def default_value(column: dict[str, Any]) -> tuple[pa.DataType, Any]:
    """'default without type gives BIGINT, DOUBLE, BOOLEAN, VARCHAR, or a list of these by its YAML value'."""
    if "default_sql" in column:
        table = connection().execute(f"SELECT ({column['default_sql']}) AS x").to_arrow_table()
        kind, value = plain_type(table.schema.field(0).type), python_values(table.column(0))[0]
    else:
        value = column["default"]
        kind = pa.list_(scalar_type(value[0] if value else None)) if isinstance(value, list) else scalar_type(value)
    if column.get("type"):
        kind, (value,) = cast([value], kind, column["type"])
    return kind, value


def scalar_type(value: Any) -> pa.DataType:
    if isinstance(value, bool):
        return pa.bool_()
    return pa.int64() if isinstance(value, int) else pa.float64() if isinstance(value, float) else pa.string()


def cast(values: list[Any], kind: pa.DataType, target: str) -> tuple[pa.DataType, list[Any]]:
    """`CAST(column AS target)`."""
    con = connection()
    con.register("cast_input", pa.table({"n": range(len(values)), "x": pa.array(values, kind)}))
    table = con.execute(f"SELECT CAST(x AS {target}) AS x FROM cast_input ORDER BY n").to_arrow_table()
    con.unregister("cast_input")
    cast_table = from_arrow(table)
    return cast_table.types["x"], [row["x"] for row in cast_table.rows]
