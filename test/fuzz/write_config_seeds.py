#!/usr/bin/env python3
"""Writes inputs of the target `config` into a directory: the shipped configuration, and the cases of test/config."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Iterator

import yaml

ROOT = Path(__file__).resolve().parents[2]
# As fuzz_config.cc has them.
FILES = [
    "catalog/feed.yaml",
    "catalog/embedding_pool.yaml",
    "catalog/views/user_profile.yaml",
    "training/aggregations.yaml",
    "training/runtime.yaml",
]


def as_input(files: dict[str, str | None], overrides: list[str]) -> str:
    sections = {name: text for name, text in files.items() if name in FILES and text}
    if overrides:
        sections["set"] = "".join(f"{line}\n" for line in overrides)
    return "".join(f"%% {name}\n{text.rstrip()}\n" for name, text in sections.items())


def inputs() -> Iterator[tuple[str, str]]:
    for name in FILES:
        yield Path(name).stem, as_input({name: (ROOT / "config" / name).read_text()}, [])
    for table in sorted((ROOT / "test/config").glob("*/*.yaml")):
        content = yaml.safe_load(table.read_text())
        for case in content["cases"]:
            files = content.get("given", {}) | case.get("files", {})
            yield f"{table.stem} {case['name']}", as_input(files, case.get("set", []))


def main() -> None:
    directory = Path(sys.argv[1])
    for name, text in inputs():
        (directory / re.sub(r"\W+", "_", name)).write_text(text)


if __name__ == "__main__":
    main()
