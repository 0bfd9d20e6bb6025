"""How often which response time was measured, in buckets from which percentiles follow within a known error.

Buckets, merging and the guarantee are those of DDSketch (Masson, Rim, Lee: "DDSketch: A Fast and
Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019). Between two powers of
two the buckets are of one width, as in HdrHistogram, rather than logarithmic: whole numbers alone decide, the
same on every machine.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate

PRECISION = 6
"""Two to this power is the number of buckets from one power of two to the next."""

RELATIVE_ERROR = 1 / (2 * 2**PRECISION + 1)
"""How far a percentile may be from the value it stands for: half a bucket, 0.78 %."""


def bucket(value: int) -> str:
    """The number, as text, of the bucket of a value of 0 or more; those of small values hold one value."""
    shift = max(0, value.bit_length() - PRECISION - 1)
    return str((shift << PRECISION) + (value >> shift))


def middle(name: str) -> float:
    """The value that is equally far, in proportion, from both ends of the bucket."""
    number = int(name)
    shift = max(0, (number >> PRECISION) - 1)
    low = (number - (shift << PRECISION)) << shift
    high = low + (1 << shift) - 1
    return low if low == high else 2 * low * high / (low + high)


@dataclass(slots=True)
class Histogram:
    """`total`, `least` and `greatest` are exact, the last two None without values. `counts` is by bucket,
    whose number is a text as in JSON: reading need not turn thousands of them into numbers."""

    total: int = 0
    least: int | None = None
    greatest: int | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    def add(self, other: "Histogram") -> None:
        """Take in what another one counted; in whatever order, the result is the same."""
        if other.least is None or other.greatest is None:
            return
        self.total += other.total
        self.least = other.least if self.least is None else min(self.least, other.least)
        self.greatest = other.greatest if self.greatest is None else max(self.greatest, other.greatest)
        own = self.counts
        for name, count in other.counts.items():
            own[name] = own.get(name, 0) + count

    def mean(self) -> float | None:
        """None without values, like every figure here."""
        count = self.count
        return self.total / count if count else None

    def percentiles(self, *percents: int) -> list[float | None]:
        """By nearest rank: the least value that so many percent of all values do not exceed; of 1 to 100."""
        if self.least is None or self.greatest is None:
            return [None] * len(percents)
        names = sorted(self.counts, key=int)
        passed = list(accumulate(self.counts[name] for name in names))
        extremes = {1: self.least, passed[-1]: self.greatest}
        ranks = [-(-percent * passed[-1] // 100) for percent in percents]
        found = [extremes.get(rank, middle(names[bisect_left(passed, rank)])) for rank in ranks]
        return [min(max(value, self.least), self.greatest) for value in found]
