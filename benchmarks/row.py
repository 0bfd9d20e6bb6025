"""What a row of the table is: two sides that do the same work, ours and the bare one, and a target."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal

Side = Callable[[], Awaitable[float]]
"""Does one round of the work; answers with its figure, in the row's unit."""


@dataclass(frozen=True, slots=True)
class Servers:
    """`postgres`: the DSN of a maintenance database, the same server for both sides. `rabbitmq`: a URL."""

    postgres: str
    rabbitmq: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides that are ready to be measured. `remarks` go below the table."""

    ours: Side
    bare: Side
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Target:
    """What the ratio ours / bare has to be."""

    bound: Literal["at least", "at most"]
    ratio: float

    def met(self, ratio: float) -> bool:
        return ratio >= self.ratio if self.bound == "at least" else ratio <= self.ratio


@dataclass(frozen=True, slots=True)
class Row:
    """`count`: how many operations make a round. `open` makes everything ready for rounds of that many."""

    name: str
    what: str
    against: str
    unit: str
    target: Target
    count: int
    open: Callable[[Servers, int], AbstractAsyncContextManager[Pair]]
