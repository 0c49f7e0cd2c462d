"""What is measured: one day against limits and peers, one with little memory, and a backfill."""

import json
from dataclasses import dataclass, field

from contestants import LIMITS, limit, peer, reference, script, variant, verify
from measure import Contestant, Patience, Result, Sample, contest, say
from program import one_day, pipeline
from worlds import LAST_DAY, World

BACKFILL_FROM = "2026-04-18"
BACKFILL_DAYS = 28
MIDDLE_DAY = "2026-05-01"
LITTLE_MEMORY_MB = 300  # a twentieth of L as Arrow
WITH_LITTLE_MEMORY = f"daeda, memory_limit {LITTLE_MEMORY_MB}MB"
SIDE_BY_SIDE = 2
THREADS = "runtime.compute.duckdb_config.threads"


@dataclass
class Facts:
    """A world and the last day that is published of it."""

    world: World
    events: int
    rows: int
    elements: int
    bytes: int
    spine: int = 0  # rows that peers read, where there are peers


@dataclass
class Measured:
    """Everything that the report tells."""

    facts: dict[str, Facts] = field(default_factory=dict)  # by the world's name, as `days`
    days: dict[str, list[Result]] = field(default_factory=dict)
    backfill: list[Result] = field(default_factory=list)


class Suite:
    """Measures into `measured`, section by section."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.timeout = patience.timeout
        self.measured = Measured()

    def day_alone(self, world: World, little_memory: bool = False) -> None:
        """One day by the program alone, and with little memory."""
        self._begin(world)
        contestants = [reference(world, self.timeout)]
        if little_memory:
            flags = ["--set", f"runtime.compute.duckdb_config.memory_limit={LITTLE_MEMORY_MB}MB"]
            contestants.append(variant(world, WITH_LITTLE_MEMORY, flags, self.timeout))
        self._contest_day(world, contestants)

    def day_with_peers(self, world: World, peers: list[str]) -> None:
        """One day by the program and its variants, the limits and the peers, all taking turns."""
        self._begin(world)
        say(f"{world.name}: preparing the peers' input")
        spine = world.path / "spine.parquet"
        self.measured.facts[world.name].spine = int(script("prepare.py", world.path, world.published, spine))
        contestants = [
            reference(world, self.timeout),
            variant(world, "daeda --engine duckdb", ["--engine", "duckdb"], self.timeout),
        ]
        contestants += [limit(world, name, self.timeout) for name in LIMITS]
        contestants += [peer(world, name, spine, self.timeout) for name in peers]
        self._contest_day(world, contestants)

    def backfill(self, world: World) -> None:
        """Many days in one run, against the middle one of them alone."""
        self._begin(world)
        alone = world.path / "data/alone"
        days = ["--from", BACKFILL_FROM, "--to", LAST_DAY]

        def run_days(*flags: str) -> Sample:
            finished = pipeline(world, *flags, timeout=self.timeout)
            return Sample(finished.seconds, finished.peak_mib)

        def check() -> None:
            verify("exact", world.published.with_name(f"dt={MIDDLE_DAY}"), alone / f"dt={MIDDLE_DAY}")

        self.measured.backfill = contest(
            [
                Contestant(
                    f"{BACKFILL_DAYS} days in one run",
                    "program",
                    lambda: run_days(*days),
                ),
                Contestant(
                    f"the same, {SIDE_BY_SIDE} days side by side with one thread each",
                    "program",
                    lambda: run_days(*days, "--day-workers", str(SIDE_BY_SIDE), "--set", f"{THREADS}=1"),
                ),
                Contestant(
                    "the middle one of them alone",
                    "program",
                    lambda: run_days("--target-date", MIDDLE_DAY, "--set", f"runtime.output_root={alone}"),
                    check,
                    "exact",
                ),
            ],
            self.patience,
        )

    def _begin(self, world: World) -> None:
        """Makes the world and publishes its last day."""
        world.make()
        say(f"{world.name}: a first run")
        one_day(world)
        text = script("describe.py", world.path / "data/feed", world.published)
        self.measured.facts[world.name] = Facts(world, **json.loads(text))

    def _contest_day(self, world: World, contestants: list[Contestant]) -> None:
        say(f"{world.name}: timing")
        self.measured.days[world.name] = contest(contestants, self.patience)
