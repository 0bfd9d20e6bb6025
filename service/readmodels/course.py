"""A component's course over a range of time, put together from its days.

Most days tell in a few marks how they were spent. Of some the words themselves are needed: where something
was said out of order or laid over the past, and around a moment that cuts through a quarter of an hour.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from service.domain.marks import NUMBERS, ORDER, QUARTER, SIZE, Marks, moved, note
from service.domain.timeline import Overlay, Statement, timeline
from service.domain.uptime import EPOCH, Change, Stretch

DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)
Cuts = Mapping[date, Sequence[int]]
"""By UTC day the milliseconds at which a stretch has to end: at the range's ends, now, and midnights."""
Span = tuple[date, datetime, datetime]
"""Of a UTC day, from when until when, without the end."""


def cuts_of(window: tuple[datetime, datetime], zone: ZoneInfo, now: datetime) -> Cuts:
    first, last = (at.astimezone(zone).date() for at in window)
    dates = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    midnights = (datetime.combine(each, time.min, zone).astimezone(UTC) for each in dates)
    found: dict[date, list[int]] = {}
    for at in sorted({*midnights, *(each.astimezone(UTC) for each in (*window, now))}):
        found.setdefault(at.date(), []).append((at - _midnight(at.date())) // MILLISECOND)
    return found


@dataclass(frozen=True, slots=True)
class Days:
    """`marks` by UTC day, in order: of all days of the range on which something was said, and those before
    from the last one on that tells. None: they do not tell."""

    marks: Mapping[date, Marks | None]
    overlays: Sequence[Overlay]
    cuts: Cuts

    def wanted(self) -> Iterator[Span]:
        """Of which spans of time the words are needed."""
        for day, marks in self._told().items():
            if marks is None:
                yield day, _midnight(day), _midnight(day) + DAY
            else:
                for cut in self.cuts.get(day, ()):
                    if marks.blurred(cut):
                        yield day, _moment(day, cut - cut % QUARTER), _moment(day, cut)

    def course(self, words: Sequence[Statement]) -> list[Change | Stretch]:
        """`words`: at least those wanted, in order of time and position."""
        found: list[Change | Stretch] = []
        for summed, run in groupby(self._told().items(), key=lambda told: told[1] is not None):
            days = list(run)
            if not summed:
                found += self._retold(days[0][0], days[-1][0], words, found[-1] if found else None)
            for day, marks in days:
                found += _stretches(day, marks, self.cuts.get(day, ()), words) if marks else ()
        return found

    def _told(self) -> Mapping[date, Marks | None]:
        """Without the marks of days over which something was laid."""
        if not self.overlays:
            return self.marks
        start, end = min(self.marks), max(*self.marks, *self.cuts)
        covered = {day for each in self.overlays for day in _days(each, start, end)}
        return {day: None if day in covered else self.marks[day] for day in sorted({*self.marks, *covered})}

    def _retold(
        self, first: date, last: date, words: Sequence[Statement], before: Change | Stretch | None
    ) -> list[Change]:
        start, end = _midnight(first), _midnight(last) + DAY
        said = [each for each in words if start <= each.at < end]
        if before is not None:
            said.insert(0, Statement(_end(before), -1, before.status))
        held = timeline(said, [each for each in self.overlays if each.start < end and each.end > start])
        return [Change(each.at, each.status) for each in held]


def _days(overlay: Overlay, start: date, end: date) -> Iterable[date]:
    day, last = max(overlay.start.astimezone(UTC).date(), start), min(overlay.end.astimezone(UTC).date(), end)
    while day <= last:
        yield day
        day += DAY


def _stretches(
    day: date, marks: Marks, cuts: Sequence[int], words: Sequence[Statement]
) -> Iterator[Change | Stretch]:
    first, last = marks.first, marks.last
    if first == last[0]:
        yield Change(_moment(day, first), ORDER[last[1]])
        return
    between = [_by(day, marks, cut, words) for cut in cuts if first < cut < last[0]]
    start, midnight = [first, 0, *[0] * len(ORDER)], (_midnight(day) - EPOCH) // MILLISECOND
    for one, other in pairwise([start, *between, last]):
        spent = [after - before for before, after in zip(one[2:], other[2:], strict=True)]
        yield Stretch(midnight + one[0], midnight + other[0], spent, ORDER[other[1]])


def _by(day: date, marks: Marks, cut: int, words: Sequence[Statement]) -> list[int]:
    """The marks up to there, with what was said since the quarter began."""
    if not marks.blurred(cut):
        return marks.by(cut) or []
    known = marks.by(cut - cut % QUARTER)
    walked = [] if known is None else [[*known, known[0]]]
    begins, ends = _moment(day, cut - cut % QUARTER), _moment(day, cut)
    said = [each for each in words if begins <= each.at < ends]
    for each in said:
        note(walked, (each.at - _midnight(day)) // MILLISECOND, NUMBERS[each.status])
    return moved(walked[-1], cut)[:SIZE]


def _end(entry: Change | Stretch) -> datetime:
    return EPOCH + entry.end * MILLISECOND if isinstance(entry, Stretch) else entry.at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _moment(day: date, millisecond: int) -> datetime:
    return _midnight(day) + millisecond * MILLISECOND
