"""How a component fared on one UTC day, in marks: one for each quarter of an hour with words.

A mark says what was said last in its quarter, and how the time since the day's first word was spent by then.
However much was said there are at most 96 of them, and they are exact up to the beginning of any quarter.
Numbers are milliseconds of the day.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from sys import byteorder

from service.domain.values import ComponentStatus

ORDER = (
    ComponentStatus.OPERATIONAL,
    ComponentStatus.UNDER_MAINTENANCE,
    ComponentStatus.DEGRADED_PERFORMANCE,
    ComponentStatus.PARTIAL_OUTAGE,
    ComponentStatus.MAJOR_OUTAGE,
)
"""Statuses are stored by their places here, which never change."""
NUMBERS = {status.value: number for number, status in enumerate(ORDER)}
QUARTER = 15 * 60 * 1000
Mark = Sequence[int]
"""At, the status from then on by its place in ORDER, the milliseconds spent in each status in that order."""
SIZE = 2 + len(ORDER)


def first_mark(at: int, number: int) -> list[int]:
    return [at, number, *[0] * len(ORDER)]


def moved(mark: Mark, at: int) -> list[int]:
    """The same status goes on until then."""
    later = list(mark)
    later[0] = at
    later[2 + mark[1]] += at - mark[0]
    return later


def note(marks: list[list[int]], at: int, number: int) -> None:
    """Something is said, not before what was said last."""
    if not marks:
        marks.append(first_mark(at, number))
        return
    last = marks[-1]
    mark = moved(last, at)
    mark[1] = number
    if last[0] // QUARTER == at // QUARTER:
        marks[-1] = mark
    else:
        marks.append(mark)


def packed(marks: Iterable[Mark]) -> bytes:
    return _portable(array("i", [number for mark in marks for number in mark])).tobytes()


def _portable(numbers: "array[int]") -> "array[int]":
    if byteorder == "big":
        numbers.byteswap()
    return numbers


class Marks:
    """A day's marks, to look things up in. There is at least one."""

    def __init__(self, content: bytes) -> None:
        numbers = array("i")
        numbers.frombytes(content)
        self._numbers = _portable(numbers)
        self._times = self._numbers[::SIZE]

    @property
    def first(self) -> int:
        """When the day's first word was said."""
        return self._times[0] - sum(self._numbers[2:SIZE])

    @property
    def last(self) -> list[int]:
        return self._mark(len(self._times) - 1)

    def by(self, moment: int) -> list[int] | None:
        """How it was by then, exact unless `blurred`; None before the day's first word."""
        place = bisect_right(self._times, moment) - 1
        return moved(self._mark(place), moment) if place >= 0 else None

    def blurred(self, moment: int) -> bool:
        """Whether the quarter's own words have to be read to know how it was by then."""
        place = bisect_right(self._times, moment)
        if moment % QUARTER == 0 or moment <= self.first or place == len(self._times):
            return False
        return self._times[place] // QUARTER == moment // QUARTER

    def _mark(self, place: int) -> list[int]:
        return self._numbers[place * SIZE : (place + 1) * SIZE].tolist()
