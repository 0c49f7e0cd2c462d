"""The worlds that are measured: made by `daeda synth`, kept below out/bench, made again when their size changes."""

import dataclasses
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from measure import run, say

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
OUT = ROOT / "out/bench"
DAEDA = os.environ.get("DAEDA", str(ROOT / "build/release/daeda"))
LAST_DAY = "2026-05-15"
HEAVY_MAX_LENGTH = 100


@dataclass(frozen=True)
class World:
    """A synthetic feed that ends on LAST_DAY, and its views and pool."""

    name: str
    users: int
    artworks: int
    events_per_day: int
    days: int = 8
    heavy_user_events: int = 0  # of one more user, on all days together
    max_sessions: int = 3  # of the busiest users, a day: they decide how long lists are

    @property
    def path(self) -> Path:
        return OUT / self.name

    @property
    def published(self) -> Path:
        """The day that the program computes when nothing else is said."""
        return self.path / f"data/training_output/dt={LAST_DAY}"

    def scaled(self, factor: float) -> "World":
        sizes = ("users", "artworks", "events_per_day", "heavy_user_events")
        return dataclasses.replace(self, **{size: round(getattr(self, size) * factor) for size in sizes})

    def make(self) -> None:
        """Generates the data, unless they are there; copies the configuration in any case."""
        stamp = self.path / "world.json"
        wanted = json.dumps(dataclasses.asdict(self))
        if not stamp.exists() or stamp.read_text() != wanted:
            say(f"making world {self.name}: {self.days} days of {self.events_per_day:,} events")
            shutil.rmtree(self.path, ignore_errors=True)
            self._generate()
            stamp.write_text(wanted)
        shutil.copytree(ROOT / "config", self.path / "config", dirs_exist_ok=True)
        if self.heavy_user_events:
            self._shorten_lists()

    def _generate(self) -> None:
        run(
            [DAEDA, "synth", str(self.path), "--users", str(self.users), "--artworks", str(self.artworks)]
            + ["--events-per-day", str(self.events_per_day), "--days", str(self.days), "--end-date", LAST_DAY]
            + ["--max-sessions", str(self.max_sessions)]
        )
        if self.heavy_user_events:
            run([sys.executable, str(BENCH / "heavy_user.py"), str(self.path), str(self.heavy_user_events)])

    def _shorten_lists(self) -> None:
        """Without a bound, the lists of a user with n events have n² elements."""
        path = self.path / "config/training/aggregations.yaml"
        config = yaml.safe_load(path.read_text())
        for spec in config["aggregation_specs"]:
            if spec.get("agg") != "count":
                spec["max_length"] = HEAVY_MAX_LENGTH
        path.write_text(yaml.safe_dump(config, sort_keys=False))


WORLDS = {
    world.name: world
    for world in (
        World("S", users=30_000, artworks=10_000, events_per_day=50_000),
        World("M", users=300_000, artworks=100_000, events_per_day=500_000),
        World("L", users=3_000_000, artworks=1_000_000, events_per_day=5_000_000),
        World("heavy", users=2_500, artworks=1_000, events_per_day=5_000, heavy_user_events=1_000_000),
        World("backfill", users=30_000, artworks=10_000, events_per_day=50_000, days=35),
    )
}
