"""The example of docs/configuration.md, "Your own data": its four files, on a world of its shape, give rows computed by hand."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import daeda_process as dp

PLAYS = [
    ("u1", "t1", "2026-05-06 09:00", "play"),
    ("u1", "t2", "2026-05-06 10:00", "skip"),
    ("u1", "t2", "2026-05-07 08:00", "play"),
    ("u1", "t3", "2026-05-07 08:30", "play"),
    ("u1", "t1", "2026-05-07 09:30", "play"),
    ("u2", "t1", "2026-05-07 08:00", "play"),
]
TRACKS = "track_id,artist,added\nt1,Ada,05/01/2026\nt2,Bob,12/31/2025\nt3,Ada,05/07/2026\n"
# user, track, time, artist, days since added, plays of the last day, of the last 7, artists
DAY = [
    ("u1", "t2", "08:00", "Bob", 127, ["t1"], ["t1"], ["Ada"]),
    ("u1", "t3", "08:30", "Ada", 0, ["t2", "t1"], ["t2", "t1"], ["Bob", "Ada"]),
    ("u1", "t1", "09:30", "Ada", 6, ["t3", "t2"], ["t3", "t2", "t1"], ["Ada", "Bob"]),
    ("u2", "t1", "08:00", "Ada", 6, [], [], []),
]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def write_world(root: Path) -> None:
    section = (dp.PROJECT_ROOT / "docs/configuration.md").read_text().split("\n## Your own data\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```yaml\n# (config/\S+)\n(.*?)```", section, re.S)
    assert len(blocks) == 4
    for name, text in blocks:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for day in (6, 7):
        rows = [play for play in PLAYS if instant(play[2]).day == day]
        directory = root / f"plays/year=2026/month=5/day={day}"
        directory.mkdir(parents=True)
        columns = dict(zip(["uid", "track_id", "ts", "action"], map(list, zip(*rows))))
        columns["ts"] = [int(instant(text).timestamp() * 1000) for text in columns["ts"]]
        pq.write_table(pa.table(columns), directory / "part-0.parquet")
    (root / "tracks.csv").write_text(TRACKS)


def test_the_example_gives_its_rows(tmp_path: Path) -> None:
    write_world(tmp_path)
    done = dp.run(tmp_path, "check")
    assert done.returncode == 0, done.stderr
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == [" missing-partition"]  # the feed begins on the 6th
    dp.trained(tmp_path)
    assert dp.published_days(tmp_path / "out") == ["2026-05-06", "2026-05-07"]
    names = ["uid", "track_id", "ts", "action", "artist", "days_since_added", "played_1d", "played_7d", "artists_7d"]
    table = pq.read_table(tmp_path / "out/dt=2026-05-07/part-0-0.parquet", partitioning=None)
    assert table.column_names == names
    wanted = [[user, track, instant(f"2026-05-07 {time}").replace(tzinfo=None), "play", *rest] for user, track, time, *rest in DAY]
    assert [list(row.values()) for row in table.to_pylist()] == wanted
