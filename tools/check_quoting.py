#!/usr/bin/env python3
"""Checks that SQL is quoted in one place, src/engine/quote.cc: no string literal of another file that holds SQL has quotes
around a placeholder ('{}') or begins or ends within them. Adjacent literals count as one."""

import re
import sys
from pathlib import Path

from complaints import tell

ROOT = Path(__file__).resolve().parent.parent
LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
SQL = re.compile(r"\b(SELECT|FROM|COPY|CREATE|LOAD|SET|WHERE|ATTACH|DROP|INSERT|CAST|AS)\b ?")
QUOTED_PLACEHOLDER = re.compile(r"""(['"])\{[^{}]*\}\1""")


def text_of(literals: str) -> str:
    """What a run of adjacent literals stands for, near enough."""
    parts = re.findall(r'"((?:[^"\\\n]|\\.)*)"', literals)
    return "".join(parts).replace('\\"', '"').replace("\\n", "\n")


def is_open(text: str) -> bool:
    """Whether the text ends within quotes that it, or the text before it, opened."""
    return text.count("'") % 2 == 1 or text.count('"') % 2 == 1


def complaints(path: Path) -> list[str]:
    source = COMMENT.sub("", path.read_text(encoding="utf-8"))
    found = []
    for match in LITERALS.finditer(source):
        text = text_of(match[0])
        if SQL.search(text) and (QUOTED_PLACEHOLDER.search(text) or is_open(text)):
            found.append(f"{path.relative_to(ROOT)}: SQL with quotes of its own: {text[:80]!r}; use src/engine/quote.h")
    return found


def main() -> int:
    files = [path for path in sorted((ROOT / "src").rglob("*.cc")) if not path.name.endswith("_test.cc")]
    found = [line for path in files if path.name != "quote.cc" for line in complaints(path)]
    return tell("check_quoting", found, len(files))


if __name__ == "__main__":
    sys.exit(main())
