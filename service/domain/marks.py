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

ORDER = tuple(ComponentStatus)
"""Statuses are stored by their places here: who adds one builds the read models anew."""
NUMBERS = {status.value: number for number, status in enumerate(ORDER)}
QUARTER = 15 * 60 * 1000
Mark = Sequence[int]
"""At, the status from then on by its place in ORDER, the milliseconds spent in each status in that order, and
(in a list of marks alone) when the quarter's first word was said."""
SIZE = 2 + len(ORDER)
FIRST = SIZE


def moved(mark: Mark, at: int) -> list[int]:
    """The same status goes on until then."""
    later = list(mark)
    later[0] = at
    later[2 + mark[1]] += at - mark[0]
    return later


def note(marks: list[list[int]], at: int, number: int) -> None:
    """Something is said, not before what was said last."""
    _put(marks, len(marks), at, number)


def note_late(marks: list[list[int]], at: int, number: int) -> bool:
    """Something is said of a time before the last word. False: it falls among the words of its quarter, so
    that marks cannot tell what becomes of them, and nothing is changed."""
    place = bisect_right(marks, at, key=lambda mark: mark[0])
    if (place and marks[place - 1][0] == at) or (place < len(marks) and marks[place][FIRST] <= at):
        return False
    if place < len(marks):
        _take_over(marks[place:], marks[place - 1] if place else None, number, marks[place][FIRST] - at)
    if place < len(marks) and marks[place][0] // QUARTER == at // QUARTER:
        marks[place][FIRST] = at
    else:
        _put(marks, place, at, number)
    return True


def _take_over(later: Iterable[list[int]], before: Mark | None, number: int, milliseconds: int) -> None:
    """So much of the time before them is spent in another status than before, if any was known."""
    for mark in later:
        mark[2 + number] += milliseconds
        if before is not None:
            mark[2 + before[1]] -= milliseconds


def _put(marks: list[list[int]], place: int, at: int, number: int) -> None:
    if place == 0:
        marks.insert(0, [at, number, *[0] * len(ORDER), at])
        return
    before = marks[place - 1]
    mark = moved(before, at)
    mark[1] = number
    if before[0] // QUARTER == at // QUARTER:
        marks[place - 1] = mark
    else:
        mark[FIRST] = at
        marks.insert(place, mark)


def packed(marks: Iterable[Mark]) -> bytes:
    return _portable(array("i", [number for mark in marks for number in mark[:SIZE]])).tobytes()


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
