#!/usr/bin/env python3
"""Checks what holds for every file of the project (tracked, or new and not ignored):

- a source file has at most MAX_LINES lines;
- nothing names a package registry's host or a download address: packages are reached by name;
- nothing names a path of somebody's machine;
- a lock file holds no address.
"""

import re
import subprocess
import sys
from pathlib import Path

from complaints import tell

MAX_LINES = 500
SOURCE_SUFFIXES = {".cc", ".h", ".py", ".sh", ".sql", ".cmake"}
LOCK_FILE = re.compile(r"(\.lock|-lock\.(json|ya?ml)|^requirements.*\.txt|^constraints.*\.txt)$")

# Written so that this file does not match itself.
FORBIDDEN = [
    (
        re.compile(
            r"\b(?:pypi\.(?:org|python)|pythonhosted\.org|crates\.io|npmjs\.(?:org|com)|yarnpkg\.com"
            r"|(?:deb|security|ftp)\.debian\.org|proxy\.golang\.org|maven\.org|maven\.apache\.org/maven2"
            r"|anaconda\.org|extensions\.duckdb\.org|releases[/]download/)",
            re.IGNORECASE,
        ),
        "a registry's host or a download address; name the package and its registry's client instead",
    ),
    (
        re.compile(r"(?<![\w.~$}*-])/(?:home|root|work)(?:/|\b(?![\w-]))"),
        "a path of one machine; make it relative to the project, or take it from a setting",
    ),
]


def project_files(root: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = sorted({name for name in listed.stdout.decode().split("\0") if name})
        return [path for path in (root / name for name in names) if path.is_file()]
    hidden = {".git", ".deps", "build", "__pycache__"}  # an unpacked archive, without git
    return [p for p in sorted(root.rglob("*")) if p.is_file() and not hidden & set(p.relative_to(root).parts)]


def check(path: Path, name: str) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []  # binary
    lines = text.splitlines()
    complaints = []
    if (path.suffix in SOURCE_SUFFIXES or path.name == "CMakeLists.txt") and len(lines) > MAX_LINES:
        complaints.append(f"{name}: {len(lines)} lines, more than {MAX_LINES}; split it by what its parts are about")
    is_lock = LOCK_FILE.search(path.name) is not None
    for number, line in enumerate(lines, start=1):
        for pattern, why in FORBIDDEN:
            match = pattern.search(line)
            if match:
                complaints.append(f"{name}:{number}: '{match[0]}' is {why}")
        if is_lock and re.search(r"https?:", line):
            complaints.append(f"{name}:{number}: a lock file holds no address")
    return complaints


def main() -> int:
    root = Path(__file__).resolve().parent.parent
    files = project_files(root)
    complaints = [c for path in files for c in check(path, str(path.relative_to(root)))]
    return tell("check_files", complaints, len(files))


if __name__ == "__main__":
    sys.exit(main())
