"""One day from reviewable text (world/) through the program to rows that were computed by hand (expected_rows.json).

The input is made so that each rule of the shipped configuration decides something: likes exactly 1, 3 and 7 days before a
row and a microsecond outside, two rows of one instant (the greater XXH3-64 of "a1\\x1fclick" puts it after the
impression), an artwork without a vector, an animated one, three versions of a view's row, a session that an
earlier day has too.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import pyarrow.parquet as pq
import pytest

import daeda_process as dp

DAY = "2026-05-10"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = Path(shutil.copytree(HERE / "world", tmp_path_factory.mktemp("golden") / "world"))
    dp.trained(world, "--target-date", DAY)
    return dp.output_root(world)


def test_golden_day(root: Path) -> None:
    expected: list[dict[str, Any]] = json.loads((HERE / "expected_rows.json").read_text())

    rows = dp.rows(root, DAY)
    for row in rows:
        row["event_timestamp"] = row["event_timestamp"].isoformat()
    assert [list(row) for row in rows] == [list(row) for row in expected], "columns, in their order"
    for actual, row in zip(rows, expected, strict=True):
        assert actual == row

    assert pq.read_table(root / "qid_map.parquet").sort_by("qid").to_pylist() == [
        {"feed_session": "s4", "qid": 1},
        {"feed_session": "s6", "qid": 2},
        {"feed_session": "s3", "qid": 3},
    ]
    manifest = dp.manifest(root, DAY)
    assert manifest["row_accounting"] == [
        {"step": "spine", "rows_in": 9, "dropped": {"invalid": 1}, "rows_out": 8},
        {"step": "embedding_coverage", "rows_in": 8, "dropped": {"not_in_pool": 1}, "rows_out": 7},
        {"step": "content_filter", "rows_in": 7, "dropped": {"rule_0": 1}, "rows_out": 6},
    ]
    assert manifest["unknown_values"] == {"country_code": ["XX"], "platform_code": ["toaster"]}
    assert sorted(path.name for path in (root / f"dt={DAY}").iterdir()) == ["_manifest.json", "part-0-0.parquet"]


def test_golden_types(root: Path) -> None:
    """What a reader of the part file gets, whatever the rows are."""
    file = pq.ParquetFile(root / f"dt={DAY}/part-0-0.parquet")
    types = {field.name: str(field.type) for field in file.schema_arrow}
    assert types["event_timestamp"] == "timestamp[us]"
    assert (types["country_code"], types["platform_code"]) == ("int32", "int32")
    assert {types[name] for name in ("user_age", "artwork_age", "like_artwork_cnts_7d", "qid")} == {"int64"}
    lists = [name for name in types if types[name].startswith("list")]
    assert [name for name in lists if types[name].endswith("string>")] == [name for name in lists if "embed" not in name]
    assert [types[name].endswith(": float>") for name in ("image_embedding", "like_artwork_avg_embeds")] == [True, True]
    assert {file.metadata.row_group(0).column(i).compression for i in range(len(types))} == {"ZSTD"}
