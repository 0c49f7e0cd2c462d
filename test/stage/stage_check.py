"""Says where the outcome of a case differs from what it expects."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from stage_case import TARGET_DAY, Case
from stage_run import Day, Result
from stage_world import arrow_type, parse_time


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

    def check_warnings(self, names: dict[str, list[Any]]) -> None:
        """By name, [subject, {what: rows}] of each of the target day's manifest; other names are not looked at."""
        day = self.day()
        for name, expected in names.items() if day else []:
            found = [dict(w) for w in day.manifest["warnings"] if w["name"] == name]
            got = [[w.pop("subject", ""), {k: v for k, v in w.items() if k not in ("name", "text")}] for w in found]
            self.same(f"warnings {name}", expected, got)
            told = [line for line in self.result.stderr.splitlines() if line.startswith(f"warning: {name}: ")]
            self.same(f"lines of stderr that warn of {name}", len(expected), len(told))

    def check_unused_rows(self, expected: dict[str, int]) -> None:
        day = self.day()
        self.same("unused rows", expected, day.manifest["unused_rows"] if day else None)

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
