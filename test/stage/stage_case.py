"""Hand-written cases of the skeleton stage: reads `cases/*.yaml`.  README.md describes the format."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from stage_run import Result

CASES = Path(__file__).resolve().parent / "cases"
TARGET_DAY = "2026-05-15"
KEYS = ["user_id", "artwork_id", "event_timestamp", "event"]


class PlainLoader(yaml.SafeLoader):
    """YAML whose times, dates and words like `no` stay text."""


PlainLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [("bool", r"true|false", "tf"), ("null", r"null|~|", "n~\0"), ("int", r"-?\d+", "-0123456789"),
                            ("float", r"-?\d+\.\d*(e[-+]?\d+)?", "-0123456789"), ("merge", "<<", "<")]:
    PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), list(first))


@dataclass
class World:
    """What one directory holds and the runs made in it, one after the other."""

    name: str
    bare: bool
    steps: list[dict[str, Any]]
    results: list["Result"] = field(default_factory=list)


@dataclass
class Case:
    name: str
    world: World
    expects: list[dict[str, Any]]  # one per step
    users: set[Any] | None  # in a shared world: whose rows are looked at


def merge(base: Any, more: Any, append: bool = False) -> Any:
    """Mappings merge key by key; of anything else the latter holds, but lists follow one another with `append`."""
    if isinstance(base, dict) and isinstance(more, dict):
        return base | {k: merge(base[k], v, append) if k in base else copy.deepcopy(v) for k, v in more.items()}
    if append and isinstance(base, list) and isinstance(more, list):
        return base + [x for x in more if x not in base]
    return copy.deepcopy(more)


def read_cases(directory: Path = CASES) -> list[Case]:
    found = []
    for path in sorted(directory.glob("*.yaml")):
        theme = yaml.load(path.read_text(encoding="utf-8"), PlainLoader)
        together = [entry for entry in theme["cases"] if theme.get("shared") and not entry.get("alone")]
        found += read_shared(path.stem, theme, together) if together else []
        found += read_separate(path.stem, theme, [entry for entry in theme["cases"] if entry not in together])
    return found


def read_separate(theme_name: str, theme: dict[str, Any], entries: list[dict[str, Any]]) -> list[Case]:
    """A world for each case; the theme's `config`, `given`, `types` and `run` are the start of its first step."""
    cases = []
    for entry in entries:
        steps = entry.get("steps") or [entry]
        common = {k: theme[k] for k in ("config", "given", "types", "run") if k in theme}
        own = {k: entry[k] for k in ("config", "given", "types", "files") if k in entry}
        first = copy.deepcopy(merge(merge(common, own), steps[0]))
        world = World(f"{theme_name}-{entry['name']}", entry.get("bare", theme.get("bare", True)), [first, *steps[1:]])
        name_output_columns(world, [step.get("expect", {}) for step in steps])
        cases.append(Case(f"{theme_name}-{entry['name']}", world, [step.get("expect", {}) for step in steps], None))
    return cases


def read_shared(theme_name: str, theme: dict[str, Any], entries: list[dict[str, Any]]) -> list[Case]:
    """One world and one run for all cases of a file: their lists follow one another, and each has users of its own."""
    step = {k: copy.deepcopy(theme.get(k, {})) for k in ("config", "given", "types", "files")}
    step |= {k: theme[k] for k in ("run", "command") if k in theme}
    step["given"] = tables(step["given"])
    world = World(theme_name, theme.get("bare", True), [step])
    cases, seen = [], set()
    for entry in entries:
        given = tables(entry.get("given", {}))
        step["given"] = merge_rows(step["given"], given)
        for key in ("config", "types", "files"):
            step[key] = merge(step[key], entry.get(key, {}), append=True)
        users = {row["user_id"] for row in given.get("feed", [])} or None
        assert not (users and users & seen), f"{theme_name}: {entry['name']}: users of another case: {users & seen}"
        seen |= users or set()
        expect = merge(theme.get("expect", {}), entry.get("expect", {}))
        cases.append(Case(f"{theme_name}-{entry['name']}", world, [expect], users))
    name_output_columns(world, [case.expects[0] for case in cases])
    return cases


def name_output_columns(world: World, expects: list[dict[str, Any]]) -> None:
    """Where no `output_columns` are given: the keys, and every column that `expect` names."""
    config = world.steps[0].setdefault("config", {})
    if not world.bare or "output_columns" in (config.get("runtime") or {}):
        return
    named = list(KEYS)
    for expect in expects:
        rows = expect.get("rows") or []
        for table in rows.values() if isinstance(rows, dict) else [rows]:
            named += table[0] if table else []
        named += expect.get("types", {})
    config.setdefault("runtime", {})["output_columns"] = [c for c in dict.fromkeys(named) if c != "qid"]


def tables(given: dict[str, Any]) -> dict[str, Any]:
    """`given` with every table as rows by column name."""
    made = dict(given)
    if "feed" in made:
        made["feed"] = table_rows(made["feed"])
    for part in ("feed_files", "views"):
        if part in made:
            made[part] = {name: table_rows(table) for name, table in made[part].items()}
    if "pool" in made:
        made["pool"] = table_rows(made["pool"])
    return made


def table_rows(table: Any) -> Any:
    """[[header], [row], …] as mappings; feed rows may leave out the header of the four keys."""
    if not table or isinstance(table[0], dict):
        return table
    if not set(table[0]) & {"user_id", "artwork_id", "uid", "track_id"}:
        table = [KEYS, *table]
    return [dict(zip(table[0], values, strict=True)) for values in table[1:]]


def merge_rows(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The rows of two `given`, one after the other."""
    made = dict(base)
    for key, value in more.items():
        if isinstance(value, dict):
            made[key] = merge_rows(base.get(key, {}), value)
        else:
            made[key] = base.get(key, []) + value
    return made
