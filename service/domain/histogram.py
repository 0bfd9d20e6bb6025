"""How often which response time was measured, in buckets from which percentiles follow within a known error.

Buckets, merging and the guarantee are those of DDSketch (Masson, Rim, Lee: "DDSketch: A Fast and
Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019). Between two powers of
two the buckets are of one width, as in HdrHistogram, rather than logarithmic: whole numbers alone decide, the
same on every machine.
"""

from dataclasses import dataclass, field

PRECISION = 6
"""Two to this power is the number of buckets from one power of two to the next."""

RELATIVE_ERROR = 1 / (2 * 2**PRECISION + 1)
"""How far a percentile may be from the value it stands for: half a bucket, 0.78 %."""


def bucket(value: int) -> int:
    """The number of the bucket of a value of 0 or more; those of small values hold one value each."""
    shift = max(0, value.bit_length() - PRECISION - 1)
    return (shift << PRECISION) + (value >> shift)


def middle(number: int) -> float:
    """The value that is equally far, in proportion, from both ends of the bucket."""
    shift = max(0, (number >> PRECISION) - 1)
    low = (number - (shift << PRECISION)) << shift
    high = low + (1 << shift) - 1
    return low if low == high else 2 * low * high / (low + high)


@dataclass(slots=True)
class Histogram:
    """`total`, `least` and `greatest` are exact, the last two None without values; `counts` is by bucket."""

    total: int = 0
    least: int | None = None
    greatest: int | None = None
    counts: dict[int, int] = field(default_factory=dict)

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
        for number, count in other.counts.items():
            own[number] = own.get(number, 0) + count

    def mean(self) -> float | None:
        """None without values, like every figure here."""
        count = self.count
        return self.total / count if count else None

    def percentiles(self, *percents: int) -> list[float | None]:
        """By nearest rank: the least value that so many percent of all values do not exceed; of 1 to 100."""
        if self.least is None or self.greatest is None:
            return [None] * len(percents)
        count = self.count
        extremes = {1: self.least, count: self.greatest}
        ranks = [-(-percent * count // 100) for percent in percents]
        found = [extremes[rank] if rank in extremes else self._of_rank(rank) for rank in ranks]
        return [min(max(value, self.least), self.greatest) for value in found]

    def _of_rank(self, rank: int) -> float:
        passed = 0
        for number in sorted(self.counts):
            passed += self.counts[number]
            if passed >= rank:
                return middle(number)
        raise ValueError(f"there are not {rank} values")
