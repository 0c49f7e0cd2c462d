#!/usr/bin/env python3
"""Checks that src/ is layered: a file includes ("…") only headers of its own folder or of folders below it.

The folders, lowest first, are LAYERS. The public headers (include/daedalus, "daedalus/…") lie below all of them: anyone
may include them, and they include nothing but each other. Tests beside the code follow the rule of their folder.
"""

import re
import sys
from pathlib import Path

from complaints import tell

LAYERS = ["base", "config", "engine", "catalog", "plan", "rolling", "sink", "run", "cli"]
PUBLIC = "daedalus"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def check(path: Path, layer: str) -> list[str]:
    """The complaints about one file of the folder named `layer` (PUBLIC for a public header)."""
    allowed = {PUBLIC} if layer == PUBLIC else {PUBLIC, *LAYERS[: LAYERS.index(layer) + 1]}
    complaints = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        folder = match[1].split("/")[0] if "/" in match[1] else None
        if folder is None or folder not in {PUBLIC, *LAYERS}:
            why = f'write it from src/ on, as "{layer}/…"'
        elif folder not in allowed:
            why = f"{layer} may not know {folder}: the order is {' < '.join(LAYERS)}"
        else:
            continue
        complaints.append(f'{path}:{number}: #include "{match[1]}": {why}')
    return complaints


def main() -> int:
    root = Path(__file__).resolve().parent.parent
    complaints = []
    count = 0
    for base in (root / "src", root / "include"):
        for path in sorted([*base.rglob("*.cc"), *base.rglob("*.h")]):
            layer = path.relative_to(base).parts[0]
            count += 1
            if layer not in ([PUBLIC] if base.name == "include" else LAYERS):
                complaints.append(f"{path}: not in a known folder: {', '.join(LAYERS)}")
            else:
                complaints += check(path, layer)
    return tell("check_layers", [each.replace(f"{root}/", "", 1) for each in complaints], count)


if __name__ == "__main__":
    sys.exit(main())
