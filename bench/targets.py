"""The ratios that the program is to reach."""

from dataclasses import dataclass

from measure import Result
from suite import BACKFILL_DAYS, LITTLE_MEMORY_MB, WITH_LITTLE_MEMORY, Measured

DAY_OF_REWRITE = 0.6
PEER_OF_ROLLING = {"DuckDB window frames": 8, "DuckDB array slices": 3, "Polars rolling": 5}
BACKFILL_OF_ALONE = 0.4
L_OF_M = 11
MEMORY_BESIDE_LIMIT_MIB = 512


@dataclass
class Target:
    """A measured ratio and its bound."""

    what: str
    sign: str  # ≤ or ≥
    bound: float
    ratio: float

    def met(self) -> bool:
        return self.ratio <= self.bound if self.sign == "≤" else self.ratio >= self.bound


def targets(measured: Measured) -> list[Target]:
    """Those whose parts were all measured."""
    found = []

    def add(what: str, sign: str, bound: float, ratio: float) -> None:
        found.append(Target(what, sign, bound, ratio))

    day = {result.name: result for result in measured.days.get("M", [])}
    ours = day.get("daeda")
    if limit := day.get("DuckDB rewriting the result"):
        add("a day of M : DuckDB rewriting its result", "≤", DAY_OF_REWRITE, ours.seconds() / limit.seconds())
    for name, bound in PEER_OF_ROLLING.items():
        if name in day:
            add(f"{name} : the rolling step of M", "≥", bound, day[name].rolling() / ours.rolling())
    if measured.backfill:
        add("a day of a backfill : a day alone", "≤", BACKFILL_OF_ALONE, backfill_ratio(measured.backfill))
    large = {result.name: result for result in measured.days.get("L", [])}
    if ours and large:
        add("a day of L : a day of M", "≤", L_OF_M, large[ours.name].seconds() / ours.seconds())
    if little := large.get(WITH_LITTLE_MEMORY):
        bound = LITTLE_MEMORY_MB * 1e6 / 2**20 + MEMORY_BESIDE_LIMIT_MIB
        what = f"peak memory of a day of L with memory_limit {LITTLE_MEMORY_MB}MB : that and {MEMORY_BESIDE_LIMIT_MIB} MiB"
        add(what, "≤", 1, little.peak_mib() / bound)
    return found


def backfill_ratio(results: list[Result]) -> float:
    """What a day of the fastest way to run many takes, of the day that runs alone, which comes last."""
    *many, alone = results
    return min(way.seconds() for way in many) / BACKFILL_DAYS / alone.seconds()
