"""Measure two sides in turn, so that whatever else the machine does falls on both."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.row import Pair, Row, Servers


@dataclass(frozen=True, slots=True)
class Figures:
    """One side's rounds, in the row's unit."""

    rounds: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def spread(self) -> tuple[float, float]:
        return min(self.rounds), max(self.rounds)


@dataclass(frozen=True, slots=True)
class Result:
    row: Row
    count: int
    ours: Figures
    bare: Figures
    remarks: Sequence[str]

    @property
    def ratio(self) -> float:
        return self.ours.median / self.bare.median

    @property
    def met(self) -> bool:
        return self.row.target.met(self.ratio)


async def measure(row: Row, servers: Servers, rounds: int, count: int) -> Result:
    """One round each to warm up, then `rounds` of each in turn; who begins changes from round to round."""
    async with row.open(servers, count) as pair:
        await pair.bare()
        await pair.ours()
        ours, bare = await _rounds(pair, rounds)
    return Result(row, count, Figures(ours), Figures(bare), pair.remarks)


async def _rounds(pair: Pair, rounds: int) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    bare: list[float] = []
    for number in range(rounds):
        turns = [(pair.bare, bare), (pair.ours, ours)]
        for side, figures in turns if number % 2 == 0 else reversed(turns):
            figures.append(await side())
    return ours, bare
