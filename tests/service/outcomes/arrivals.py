"""When messages arrived, and how much longer the slowest took than they had to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic


@dataclass
class Arrivals:
    """`at`: the seconds since `begin` of everything that `came`."""

    begun_at: float = 0.0
    at: list[float] = field(default_factory=list)

    def begin(self) -> None:
        self.begun_at = monotonic()
        self.at.clear()

    def came(self) -> None:
        self.at.append(monotonic() - self.begun_at)

    def p99(self) -> float:
        return percentile(self.at, 99)


def percentile(seconds: Sequence[float], percent: int) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
