"""The world of bad-input cases: made and published once, copied and damaged for each."""

from __future__ import annotations

import base64
import copy
import shutil
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as parquet
import pyarrow.parquet.encryption as encryption
import yaml

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "stage")]

from stage_case import PlainLoader, merge
from stage_world import WorldFiles

OUTPUT = "output"


@lru_cache(maxsize=1)
def world_description() -> dict[str, Any]:
    return yaml.load((HERE / "world.yaml").read_text(encoding="utf-8"), PlainLoader)


def make_world(directory: Path) -> None:
    WorldFiles(directory, bare=False).write(copy.deepcopy(world_description()), first=True)


def damaged_copy(good: Path, directory: Path, case: dict[str, Any]) -> None:
    """A copy of the world `good` in `directory`, with the `config` and the `change` of `case`."""
    shutil.copytree(good, directory, symlinks=True)
    if "config" in case:
        files = WorldFiles(directory, bare=False)
        config = merge(world_description()["config"], case["config"])
        files.config = {part: content for part, content in config.items() if part != "views"}
        for name, view in config.get("views", {}).items():
            files.views[name] = merge(files.views.get(name, {}), view)
        files.write_config()
    for pattern, damages in case.get("change", {}).items():
        found = sorted(directory.glob(pattern)) if "*" in pattern else [directory / pattern]
        assert found, f"{pattern} matches nothing"
        for damage in damages if isinstance(damages, list) else [damages]:
            for path in found:
                apply(path, damage, directory)


def apply(path: Path, damage: dict[str, Any], world: Path) -> None:
    (name, value), *more = damage.items()
    assert not more, f"one damage at a time: {damage}"
    path.parent.mkdir(parents=True, exist_ok=True)
    DAMAGES[name](path, value, world)


def keep(path: Path, count: int, _: Path) -> None:
    path.write_bytes(path.read_bytes()[:count])


def flip(path: Path, bits: list[int], _: Path) -> None:
    data = bytearray(path.read_bytes())
    for bit in bits:
        data[bit // 8 % len(data)] ^= 1 << bit % 8
    path.write_bytes(data)


def replace(path: Path, texts: list[str], _: Path) -> None:
    """[text, hex]: every occurrence of the text, by as many bytes."""
    old, new = texts[0].encode(), bytes.fromhex(texts[1])
    data = path.read_bytes()
    assert old in data and len(old) == len(new), f"{path} does not hold {texts[0]}, or the lengths differ"
    path.write_bytes(data.replace(old, new))


def repeat(path: Path, parts: list[Any], _: Path) -> None:
    """[head, text, times, tail]"""
    head, text, times, tail = parts
    path.write_text(head + text * times + tail, encoding="utf-8")


def remove(path: Path, _: Any, __: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def select(path: Path, query: str, _: Path) -> None:
    """Parquet rows by a SELECT of DuckDB over `original`, uncompressed, so that `replace` finds their texts."""
    with duckdb.connect() as db:
        if path.exists():
            db.execute(f"CREATE TABLE original AS FROM read_parquet('{path}', hive_partitioning = false)")
        db.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION uncompressed)")


def encrypt(path: Path, column: str, _: Path) -> None:
    """The same rows with one column encrypted, beside a footer that anyone may read."""

    class PlainKeys(encryption.KmsClient):
        def __init__(self, _: Any) -> None:
            super().__init__()

        def wrap_key(self, key: bytes, _: str) -> bytes:
            return base64.b64encode(key)

    rows = parquet.ParquetFile(path).read()
    keys = encryption.EncryptionConfiguration(footer_key="footer", column_keys={"key": [column]}, plaintext_footer=True)
    sealed = encryption.CryptoFactory(PlainKeys).file_encryption_properties(encryption.KmsConnectionConfig(), keys)
    with parquet.ParquetWriter(path, rows.schema, encryption_properties=sealed) as writer:
        writer.write_table(rows)


def lance(path: Path, query: str, _: Path) -> None:
    """The same as a Lance dataset, in place of the one there."""
    from stage_world import write_data

    with duckdb.connect() as db:
        table = db.execute(query).to_arrow_table()
    shutil.rmtree(path, ignore_errors=True)
    write_data(path, pa.table(table), "lance")


DAMAGES = {
    "keep": keep,
    "flip": flip,
    "replace": replace,
    "repeat": repeat,
    "remove": remove,
    "select": select,
    "encrypt": encrypt,
    "lance": lance,
    "text": lambda path, text, _: path.write_text(text, encoding="utf-8"),
    "hex": lambda path, digits, _: path.write_bytes(bytes.fromhex(digits)),
    "directory": lambda path, _, __: (path.unlink(missing_ok=True), path.mkdir()),
    "link": lambda path, target, world: (path.unlink(missing_ok=True), path.symlink_to(target.replace("WORLD", str(world)))),
}
