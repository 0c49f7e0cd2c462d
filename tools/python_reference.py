#!/usr/bin/env python3
"""Writes docs/python.md, the reference of the Python package, from its docstrings. `--check` only says whether it is current.

Reads the sources and imports nothing, so that it needs no build.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "python/daedalus"
PAGE = ROOT / "docs/python.md"
HEAD = """<!-- Written by tools/python_reference.py from the docstrings in python/daedalus; not to be edited. -->
# The Python package

`make setup && pip install .` installs the package `daedalus` and the command `daeda`; with `pip install '.[polars]'` also the engine `polars`.

"""
SECTIONS = ("Args:", "Returns:", "Raises:")


def definitions() -> dict[str, ast.stmt]:
    """Everything that the package's modules define, by name."""
    found = {}
    for path in sorted(PACKAGE.glob("_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                found[node.name] = node
    return found


def public_names() -> tuple[str, list[str]]:
    """The package's docstring, and its `__all__`."""
    module = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    [names] = [node.value for node in module.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"]
    return ast.get_docstring(module) or "", ast.literal_eval(names)


def flowing(text: str) -> str:
    """A docstring as Markdown: `Args:`, `Returns:` and `Raises:` as lists."""
    lines, items = [], False
    for paragraph in text.split("\n\n"):
        first, *rest = paragraph.splitlines()
        if first not in SECTIONS:
            lines.append(paragraph)
            continue
        lines.append(f"**{first[:-1]}**")
        body = textwrap.dedent("\n".join(rest)).splitlines()
        items = first != "Returns:"
        joined: list[str] = []
        for line in body:
            if items and not line.startswith(" ") and ": " in line:
                name, _, what = line.partition(": ")
                joined.append(f"- `{name}`: {what}")
            else:
                joined.append(("  " if items else "") + line.strip())
        lines.append("\n".join(joined))
    return "\n\n".join(lines)


def signature(function: ast.FunctionDef) -> str:
    arguments = ast.unparse(function.args).removeprefix("self").removeprefix(", ")
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    return f"{function.name}({arguments}){returns}"


def attributes(node: ast.ClassDef) -> list[str]:
    """The annotated attributes, each with the text that follows it."""
    lines = []
    for at, each in enumerate(node.body):
        if not isinstance(each, ast.AnnAssign) or ast.unparse(each.target).startswith("_"):
            continue
        following = node.body[at + 1] if at + 1 < len(node.body) else None
        is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        text = " ".join(str(following.value.value).split()) if is_text else ""  # type: ignore[union-attr]
        default = f" = {ast.unparse(each.value)}" if each.value and "field(" not in ast.unparse(each.value) else ""
        lines.append(f"- `{ast.unparse(each.target)}: {ast.unparse(each.annotation)}{default}`{': ' + text if text else ''}")
    return lines


def methods(node: ast.ClassDef) -> list[str]:
    parts = []
    for each in node.body:
        if not isinstance(each, ast.FunctionDef) or each.name.startswith("_"):
            continue
        is_property = any(ast.unparse(decorator) == "property" for decorator in each.decorator_list)
        title = f"{each.name}: {ast.unparse(each.returns)}" if is_property and each.returns else signature(each)
        parts.append(f"#### `{title}`\n\n{flowing(ast.get_docstring(each) or '')}")
    return parts


def entry(node: ast.stmt) -> str:
    assert isinstance(node, (ast.ClassDef, ast.FunctionDef))
    text = flowing(ast.get_docstring(node) or "")
    if isinstance(node, ast.FunctionDef):
        return f"### {node.name}\n\n```python\n{signature(node)}\n```\n\n{text}"
    bases = f"({', '.join(map(ast.unparse, node.bases))})" if node.bases else ""
    listed = "\n".join(attributes(node))
    return "\n\n".join(filter(None, [f"### {node.name}{bases}", text, listed, *methods(node)]))


def page() -> str:
    about, names = public_names()
    known = definitions()
    functions = [name for name in names if isinstance(known[name], ast.FunctionDef)]
    classes = [name for name in names if name not in functions]
    parts = [HEAD + about, "## Functions", *(entry(known[name]) for name in functions)]
    parts += ["## Classes", *(entry(known[name]) for name in classes)]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print("docs/python.md is not what the docstrings say: run tools/python_reference.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
