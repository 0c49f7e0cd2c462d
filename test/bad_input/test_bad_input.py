"""Bad input: the exit code, the culprit's name, and what was published stays as it was.  README.md has the format."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

import bad_input_world as world_files
import daeda_process as dp
from stage_case import PlainLoader

DAY = "2026-05-15"
JOBS = 2
LONGEST_OUTPUT = 20_000  # characters: a message shows the start of a long value, not all of it
# Advice of DuckDB's that can't be followed here, and where in a reader something happened.
FOREIGN_WORDS = ("ignore_errors", "sample_size", "union_by_name", "auto_detect", "max_line_size", "null_padding", "encryption_config", "Possible ", "Stack Trace", "stack backtrace:", ".rs:")
# What a person types next, one after each case in turn. None may break down, whatever it says.
LOOKS = [["status"], ["check"], ["catalog", "list"], ["catalog", "days"]]


def read_cases() -> list[Any]:
    found = []
    for path in sorted((world_files.HERE / "cases").glob("*.yaml")):
        theme = yaml.load(path.read_text(encoding="utf-8"), PlainLoader)
        common = {key: value for key, value in theme.items() if key != "cases"}
        found += [common | case | {"name": f"{path.stem}-{case['name']}"} for case in theme["cases"]]
    for number, case in enumerate(found):
        case["look"] = LOOKS[number % len(LOOKS)]
    return found


CASES = read_cases()


def published_bytes(root: Path) -> dict[str, bytes]:
    """Every file below dt=…, by path; a link by where it leads."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.glob("dt=*/**/*")) if path.is_file()}


def plain(value: Any) -> Any:
    """NaN and infinities as the words `nan`, `inf`, `-inf`."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def breakdown(done: Any) -> list[str]:
    """What no input may bring about."""
    text = done.stdout + done.stderr
    found = [f"exit code {done.returncode}"] if done.returncode not in (0, 1, 2, 3, 4, 5) else []
    found += [f"it says {word!r}" for word in ("defect", "INTERNAL Error", "terminate called") if word in text]
    told = "\n".join(line for line in text.splitlines() if "panicked at" not in line)  # the reader of Lance, breaking down
    found += [f"it says {word!r}" for word in FOREIGN_WORDS if word in told]
    if len(text) > LONGEST_OUTPUT:
        found.append(f"{len(text)} characters of output")
    return found


def outcome(case: dict[str, Any], good: Path, directory: Path) -> str:
    """Runs one case; what differs from its expectation, or nothing."""
    world = directory / case["name"]
    world_files.damaged_copy(good, world, case)
    before = published_bytes(world / world_files.OUTPUT)
    done = dp.train(world, *case.get("run", ["--target-date", DAY]))
    found = breakdown(done)
    allowed = case["exit"] if isinstance(case["exit"], list) else [case["exit"]]
    if done.returncode not in allowed:
        found.append(f"exit code {done.returncode}, not {case['exit']}")
    if done.returncode != 0:
        text = done.stdout + done.stderr
        found += [f"it does not name {name!r}" for name in case["names"] if name not in text]
    # A day that was done anew is judged by its rows; all else is as it was.
    after = published_bytes(world / world_files.OUTPUT)
    fresh = case.get("recomputed", [DAY] if done.returncode == 0 else [])
    kept = [path for path in before if not any(path.startswith(f"dt={day}/") for day in fresh)]
    found += [f"{path} is not as it was" for path in kept if after.get(path) != before[path]]
    found += [f"{path} remains" for path in world.glob(f"{world_files.OUTPUT}/_work/*") if "broke down" not in done.stderr]
    if "rows" in case and done.returncode == 0:
        header, *rows = case["rows"]
        got = [[plain(row[name]) for name in header] for row in dp.rows(world / world_files.OUTPUT, DAY, header)]
        found += [] if repr(got) == repr(rows) else [f"rows {got}, not {rows}"]
    looked = dp.run(world, *case["look"])
    found += [f"daeda {' '.join(case['look'])}: {text}: {looked.stderr[-500:]}" for text in breakdown(looked)]
    return "\n".join([*found, done.stdout[-1500:], done.stderr[-1500:]]) if found else ""


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The outcomes of the selected cases, two at a time, by name."""
    directory = tmp_path_factory.mktemp("bad_input")
    good = directory / "good"
    world_files.make_world(good)
    dp.trained(good)
    params = [i.callspec.params for i in request.session.items if hasattr(i, "callspec") and "bad_input" in i.callspec.params]
    cases = {param["bad_input"]["name"]: param["bad_input"] for param in params}

    def judge(case: dict[str, Any]) -> str:
        try:
            return outcome(case, good, directory)
        except Exception as error:  # a hang, or a case that can't be written, fails that case only
            return f"{type(error).__name__}: {error}"

    with ThreadPoolExecutor(JOBS) as pool:
        return dict(zip(cases, pool.map(judge, cases.values())))


def test_there_are_enough_cases_and_each_has_a_name_of_its_own() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 100


@pytest.mark.parametrize("bad_input", CASES, ids=lambda case: case["name"])
def test_bad_input(bad_input: dict[str, Any], outcomes: dict[str, str]) -> None:
    assert outcomes[bad_input["name"]] == ""
