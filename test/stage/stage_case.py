"""Hand-written cases of the skeleton stage: reads `cases/*.yaml`, writes a case's world into a directory, runs `daeda`
on it, and says where the outcome differs from what the case expects.  README.md describes the format."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(__file__).resolve().parent / "cases"
TARGET_DAY = "2026-05-15"
TIME_LIMIT_S = 120
KEYS = ["user_id", "artwork_id", "event_timestamp", "event"]
FILES = {"runtime": "training/runtime.yaml", "aggregations": "training/aggregations.yaml", "feed": "catalog/feed.yaml",
         "pool": "catalog/embedding_pool.yaml"}
# What every case starts from, unless it says `bare: false`: the shipped configuration with all optional steps off.
BARE = {
    "runtime": {
        "compute": {"duckdb_config": {"threads": 1, "memory_limit": "1GB"}},
        "output_root": "output",
        "max_invalid_fraction": 1,
        "feature_refs": [],
        "embedding_coverage_filter": {"enabled": False},
        "age_columns": {},
        "curation": [],
        "content_filter": [],
    },
    "aggregations": {"aggregation_specs": [], "windowed_joins": []},
}
BARE_POOL = {"source": {"format": "parquet", "path": "data/pool.parquet"}}  # opened only where the filter is enabled
TYPES = {
    "event_timestamp": "TIMESTAMP", "updated_at": "TIMESTAMP", "artwork_created_at": "TIMESTAMP", "user_created_at": "TIMESTAMP",
    "current_like_count": "BIGINT", "width": "BIGINT", "height": "BIGINT", "sampling_steps": "BIGINT", "tack_ids": "BIGINT[]",
    "followed_user_ids": "VARCHAR[]", "embedding": "FLOAT[]", "aes_score": "DOUBLE", "media_safety_score": "DOUBLE",
    "text_safety_score": "DOUBLE", "hide_prompts": "BOOLEAN", "is_sensitive": "BOOLEAN", "lightning": "BOOLEAN",
    "blur_nsfw": "BOOLEAN", "show_nsfw": "BOOLEAN", "safe_search": "BOOLEAN",
}  # every other column is text; a case's `types` may say otherwise
ARROW_TYPES = {
    "VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "SMALLINT": pa.int16(), "INTEGER": pa.int32(), "BIGINT": pa.int64(),
    "FLOAT": pa.float32(), "DOUBLE": pa.float64(), "TIMESTAMP": pa.timestamp("us"), "TIMESTAMPTZ": pa.timestamp("us", "UTC"),
    "TIMESTAMP_S": pa.timestamp("s"), "TIMESTAMP_MS": pa.timestamp("ms"), "TIMESTAMP_NS": pa.timestamp("ns"),
}
NANOSECONDS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
Row = dict[str, Any]

# ------------------------------------------------------------------------------------------------------------ reading


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
    if not set(table[0]) & {"user_id", "artwork_id", "uid"}:
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


# ------------------------------------------------------------------------------------------------------------ writing


def parse_time(text: str) -> int:
    """`[[YYYY-]MM-DD ]HH:MM[:SS[.fraction]]` in UTC as nanoseconds; the year is 2026 and the day the target day."""
    match = re.fullmatch(r"(?:(?:(\d{4})-)?(\d\d-\d\d)[ T])?(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?", text)
    assert match, f"no time: {text!r}"
    year, day, minute, second, fraction = match.groups()
    moment = datetime.fromisoformat(f"{year or 2026}-{day or TARGET_DAY[5:]}T{minute}:{second or '00'}+00:00")
    return int(moment.timestamp()) * 1_000_000_000 + int((fraction or "0").ljust(9, "0"))


def arrow_type(name: str) -> pa.DataType:
    return pa.list_(arrow_type(name[:-2])) if name.endswith("[]") else ARROW_TYPES[name]


def arrow_value(value: Any, kind: pa.DataType) -> Any:
    if pa.types.is_list(kind) and value is not None:
        return [arrow_value(v, kind.value_type) for v in value]
    return parse_time(value) // NANOSECONDS[kind.unit] if pa.types.is_timestamp(kind) and value is not None else value


def arrow_table(name: str, rows: list[Row], columns: list[str], types: dict[str, str]) -> pa.Table:
    """Rows as columns; the type of `name.column` comes before that of `column`."""
    made = {}
    for column in columns:
        kind = arrow_type(types.get(f"{name}.{column}") or types.get(column) or TYPES.get(column, "VARCHAR"))
        made[column] = pa.array([arrow_value(row.get(column), kind) for row in rows], kind)
    return pa.table(made)


@lru_cache(maxsize=1)
def lance_connection() -> Any:
    import duckdb
    import duckdb_extension_lance

    con = duckdb.connect(config={"threads": 1, "allow_unsigned_extensions": "true"})
    extension = next(Path(duckdb_extension_lance.__file__).parent.glob("extensions/*/lance.duckdb_extension"))
    con.execute(f"LOAD '{extension}'")
    return con


def write_data(path: Path, table: pa.Table, form: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if form == "lance":
        con = lance_connection().cursor()
        con.register("rows_to_write", table)
        con.execute(f"COPY (SELECT * FROM rows_to_write) TO '{path}' (FORMAT lance)")
    else:
        pq.write_table(table, path)


def columns_of(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


@lru_cache(maxsize=None)
def shipped(path: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / "config" / path).read_text(encoding="utf-8"))


class WorldFiles:
    """The files of one world; each step writes what it names and leaves the rest."""

    def __init__(self, directory: Path, bare: bool) -> None:
        self.directory, self.config, self.types = directory, copy.deepcopy(BARE) if bare else {}, {}
        if bare:
            self.config["pool"] = copy.deepcopy(BARE_POOL)
        self.views = {p.stem: shipped(f"catalog/views/{p.name}") for p in sorted((ROOT / "config/catalog/views").glob("*.yaml"))}

    def write(self, step: dict[str, Any], first: bool) -> None:
        given = tables(step.get("given", {}))
        self.types |= step.get("types", {})
        self.config = merge(self.config, {k: v for k, v in step.get("config", {}).items() if k != "views"})
        for name, view in step.get("config", {}).get("views", {}).items():
            self.views[name] = merge(self.views.get(name, {}), view)
        if first or "config" in step:
            self.write_config()
        self.write_feed(given)
        for name in self.views:
            if name in given.get("views", {}) or first:
                self.write_view(name, given.get("views", {}).get(name, []))
        if "pool" in given:
            source = self.config["pool"]["source"] if "pool" in self.config else shipped(FILES["pool"])["source"]
            table = arrow_table("pool", given["pool"], columns_of(given["pool"]), self.types)
            write_data(self.directory / source["path"], table, source["format"])
        for path, text in step.get("files", {}).items():
            target = self.directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True) if text is None else target.write_text(text, encoding="utf-8")

    def write_config(self) -> None:
        files = {path: self.config.get(name, {}) for name, path in FILES.items()}
        files |= {f"catalog/views/{name}.yaml": view for name, view in self.views.items() if view is not None}
        for path, content in files.items():
            target = self.directory / "config" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True) if content else "", encoding="utf-8")

    def write_feed(self, given: dict[str, Any]) -> None:
        source = merge(shipped(FILES["feed"])["source"], self.config.get("feed", {}).get("source", {}))
        parts: dict[str, list[Row]] = {}
        for row in given.get("feed", []):
            parts.setdefault(partition_path(source["path"], row), []).append(row)
        for path, rows in parts.items():
            table = arrow_table("feed", rows, columns_of(given["feed"]), self.types)
            write_data(self.directory / path, table, source["format"])
        for path, rows in given.get("feed_files", {}).items():
            write_data(self.directory / path, arrow_table("feed", rows, columns_of(rows), self.types), source["format"])

    def write_view(self, name: str, rows: list[Row] | None) -> None:
        """The rows given; a shipped view without any is an empty file, and with `null` there is no file."""
        view = self.views[name]
        if rows is None or view is None or view["source"]["format"] not in ("parquet", "lance"):
            return
        columns = [view["entity"], *([view["timestamp_field"]] if view.get("timestamp_field") else []), *view["features"]]
        table = arrow_table(name, rows, columns, self.types)
        write_data(self.directory / view["source"]["path"].replace("*", "part"), table, view["source"]["format"])


def partition_path(template: str, row: Row) -> str:
    time = parse_time(row["event_timestamp"]) if row.get("event_timestamp") else parse_time("12:00")
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=time // 1000)
    for token, form in {"{YYYYMM}": "%Y%m", "{YYYY}": "%Y", "{MM}": "%m", "{DD}": "%d"}.items():
        template = template.replace(token, moment.strftime(form))
    return template.replace("*", "part")


# ------------------------------------------------------------------------------------------------------------ running


@dataclass
class Day:
    """One published day as it was after a run."""

    table: pa.Table
    parts: list[int]
    names: list[str]
    codecs: set[str]
    data: bytes
    stamps: dict[str, tuple[int, int]]
    manifest: dict[str, Any]


@dataclass
class Result:
    exit: int
    stdout: str
    stderr: str
    days: dict[str, Day]
    qid_map: pa.Table | None


def run_world(world: World, daeda: str, directory: Path) -> None:
    """Writes the world and makes its runs; an outcome for each step goes to `world.results`."""
    files = WorldFiles(directory, world.bare)
    for number, step in enumerate(world.steps):
        files.write(step, first=number == 0)
        train = ["pipeline", "train", "dssm_ranking", "--skeleton-only", "--config-dir", "config"]
        command = step.get("command") or train + step.get("run", ["--target-date", TARGET_DAY])
        done = subprocess.run([daeda, *map(str, command)], cwd=directory, capture_output=True, text=True, timeout=TIME_LIMIT_S,
                              errors="replace")
        root = directory / step.get("output", files.config.get("runtime", {}).get("output_root", "data/training_output"))
        world.results.append(read_result(done, root))


def read_result(done: subprocess.CompletedProcess[str], root: Path) -> Result:
    days = {p.name[3:]: read_day(p) for p in sorted(root.glob("dt=*"))} if root.is_dir() else {}
    mapping = root / "qid_map.parquet"
    readable = mapping.exists() and mapping.read_bytes()[:4] == b"PAR1"
    return Result(done.returncode, done.stdout, done.stderr, days, pq.read_table(mapping) if readable else None)


def read_day(path: Path) -> Day:
    parts = sorted(path.glob("part-*.parquet"), key=lambda p: int(p.name.split("-")[1]))
    opened = [pq.ParquetFile(p) for p in parts]
    codecs = {f.metadata.row_group(g).column(c).compression for f in opened for g in range(f.metadata.num_row_groups)
              for c in range(f.metadata.num_columns)}
    manifest = path / "_manifest.json"
    return Day(
        table=pa.concat_tables([f.read() for f in opened]) if opened else pa.table({}),
        parts=[f.metadata.num_rows for f in opened],
        names=sorted(p.name for p in path.iterdir()),
        codecs=codecs,
        data=b"".join(p.read_bytes() for p in parts),
        stamps={p.name: (p.stat().st_mtime_ns, p.stat().st_ino) for p in path.iterdir()},
        manifest=json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {},
    )


# ---------------------------------------------------------------------------------------------------------- comparing


def differences(case: Case) -> list[str]:
    found = []
    for number, expect in enumerate(case.expects):
        before = case.world.results[number - 1] if number else None
        texts = Check(case, expect, case.world.results[number], before).all()
        found += [f"step {number}: {text}" if len(case.expects) > 1 else text for text in texts]
    return found


class Check:
    """One run's outcome against one `expect`."""

    def __init__(self, case: Case, expect: dict[str, Any], result: Result, before: Result | None) -> None:
        self.case, self.expect, self.result, self.before, self.found = case, expect, result, before, []

    def all(self) -> list[str]:
        self.same("exit code", self.expect.get("exit", 0), self.result.exit)
        for key, value in self.expect.items():
            if key != "exit":
                getattr(self, f"check_{key}")(value)
        if self.found:
            self.found.append("stderr: " + self.result.stderr.strip()[-1500:])
        return self.found

    def same(self, what: str, expected: Any, got: Any) -> None:
        if expected != got or type(expected) is not type(got):
            self.found.append(f"{what}:\n  expected {expected}\n  got      {got}")

    def day(self, name: str = TARGET_DAY) -> Day | None:
        if name not in self.result.days:
            self.found.append(f"{name} is not published")
        return self.result.days.get(name)

    def check_rows(self, rows: Any) -> None:
        for name, table in rows.items() if isinstance(rows, dict) else [(TARGET_DAY, rows)]:
            day = self.day(name)
            if day is None:
                continue
            header, *values = table
            missing = [c for c in header if c not in day.table.column_names]
            if missing:
                self.found.append(f"{name} has no column {missing}: {day.table.column_names}")
                continue
            kinds = [day.table.schema.field(c).type for c in header]
            expected = [[plain(v, k) for v, k in zip(row, kinds, strict=True)] for row in values]
            users = day.table.column("user_id").to_pylist() if self.case.users else []
            columns = [microseconds(day.table.column(c)) for c in header]
            got = [[*row] for row in zip(*columns)]
            if self.case.users:
                got = [row for row, user in zip(got, users, strict=True) if user in self.case.users]
            if repr(expected) != repr(got):
                texts = ["\n    ".join(map(str, rows_of)) for rows_of in (expected, got)]
                self.found.append(f"rows of {name} {header}:\n  expected\n    {texts[0]}\n  got\n    {texts[1]}")

    def check_types(self, types: dict[str, str]) -> None:
        day = self.day()
        for column, name in types.items() if day else []:
            kind = day.table.schema.field(column).type if column in day.table.column_names else None
            self.same(f"type of {column}", str(arrow_type(name)).replace("item: ", "element: "),
                      str(kind).replace("item: ", "element: "))

    def check_columns(self, columns: list[str]) -> None:
        day = self.day()
        if day:
            self.same("columns", columns, day.table.column_names)

    def check_days(self, days: list[str]) -> None:
        self.same("published days", days, sorted(self.result.days))

    def check_parts(self, parts: list[int]) -> None:
        day = self.day()
        if day:
            self.same("rows of each part", parts, day.parts)
            self.same("parts", [f"part-{n}-0.parquet" for n in range(len(parts))], [n for n in day.names if n[0] not in "_."])
            self.same("compression", {"ZSTD"} if sum(parts) else day.codecs, day.codecs)

    def check_accounting(self, steps: Any) -> None:
        """[[step, rows_in, {reason: rows}, rows_out], …], a reason with 0 rows may be left out by either side."""
        for name, expected in steps.items() if isinstance(steps, dict) else [(TARGET_DAY, steps)]:
            day = self.day(name)
            if day:
                got = [[s["step"], s["rows_in"], {k: v for k, v in s["dropped"].items() if v}, s["rows_out"]]
                       for s in day.manifest.get("row_accounting", [])]
                self.same(f"row accounting of {name}", expected, got)

    def check_manifest(self, texts: list[str]) -> None:
        day = self.day()
        text = json.dumps(day.manifest, ensure_ascii=False) if day else ""
        self.found += [f"the manifest does not hold {t!r}: {text}" for t in texts if t not in text]

    def check_qid_map(self, rows: Any) -> None:
        table = self.result.qid_map
        columns = [] if table is None else [table.column(c).to_pylist() for c in ("feed_session", "qid")]
        got = None if table is None else sorted(zip(*columns), key=lambda row: row[1])
        self.same("qid_map", None if rows is None else [tuple(r) for r in rows], got)

    def check_stderr(self, texts: list[str]) -> None:
        self.found += [f"stderr does not hold {t!r}" for t in texts if t.lower() not in self.result.stderr.lower()]

    def check_says(self, texts: list[str]) -> None:
        """Texts of the messages or of the summary (stderr or stdout)."""
        both = (self.result.stderr + self.result.stdout).lower()
        self.found += [f"the run does not say {t!r}: {self.result.stdout}" for t in texts if t.lower() not in both]

    def check_stderr_count(self, counts: dict[str, int]) -> None:
        for text, count in counts.items():
            self.same(f"lines of stderr with {text!r}", count, sum(text in line for line in self.result.stderr.splitlines()))

    def check_stdout(self, texts: list[str]) -> None:
        self.found += [f"stdout does not hold {t!r}: {self.result.stdout}" for t in texts if t not in self.result.stdout]

    def check_untouched(self, days: list[str]) -> None:
        """Days whose files are the very same as after the step before."""
        for name in days:
            same = name in self.result.days and self.before.days[name].stamps == self.result.days[name].stamps
            self.found += [] if same else [f"{name} was touched"]

    def check_recomputed(self, days: list[str]) -> None:
        for name in days:
            same = name in self.before.days and self.before.days[name].stamps == self.result.days[name].stamps
            self.found += [f"{name} was not computed again"] if same else []

    def check_same_bytes(self, step: int) -> None:
        """Every part equals that of an earlier step, byte by byte."""
        other = self.case.world.results[step]
        self.same("days", sorted(other.days), sorted(self.result.days))
        for name, day in self.result.days.items():
            if name in other.days and other.days[name].data != day.data:
                self.found.append(f"the bytes of {name} differ")


def plain(value: Any, kind: pa.DataType) -> Any:
    """An expected value as `microseconds` gives it: a time as a number."""
    if value is None:
        return None
    if pa.types.is_list(kind):
        return [plain(v, kind.value_type) for v in value] if isinstance(value, list) else value
    if pa.types.is_timestamp(kind):
        return parse_time(value) // 1000
    return float(value) if pa.types.is_floating(kind) and isinstance(value, int) else value


def microseconds(column: pa.ChunkedArray) -> list[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", kind.tz)).cast(pa.int64())
    elif pa.types.is_list(kind) and pa.types.is_timestamp(kind.value_type):
        column = column.cast(pa.list_(pa.timestamp("us"))).cast(pa.list_(pa.int64()))
    return column.to_pylist()


def default_daeda() -> str:
    return str(Path(os.environ.get("DAEDA", ROOT / "build/release/daeda")).resolve())
