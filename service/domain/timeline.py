"""What held when: the statements about a component, and what was said later of its past.

A statement holds until the next one by time. An overlay holds from its start to its end, over everything that
had been said before it; what is said after it, about a time inside it, goes over it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.values import ComponentStatus


@dataclass(frozen=True, slots=True)
class Statement:
    """From `at` on the component has `status`. `position`: in the order in which things were said."""

    at: datetime
    position: int
    status: ComponentStatus
    reason: str | None = None
    corrected: bool = False
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Overlay:
    start: datetime
    end: datetime
    position: int
    status: ComponentStatus
    incident_id: UUID | None = None

    def hides(self, statement: Statement | None) -> bool:
        return statement is None or statement.at < self.start or statement.position < self.position

    def at(self, moment: datetime) -> Statement:
        return Statement(moment, self.position, self.status, None, True, self.incident_id)


@dataclass(frozen=True, slots=True)
class Interval:
    """`end` None: until now."""

    status: ComponentStatus
    start: datetime
    end: datetime | None
    reason: str | None
    incident_id: UUID | None
    corrected: bool


def timeline(statements: Sequence[Statement], overlays: Sequence[Overlay]) -> list[Statement]:
    """In order of time, each holding until the next. `statements` come in order of time and position;
    the first lies before every overlay, as a component's known history begins with one."""
    if not overlays:
        return list(statements)
    times = [statement.at for statement in statements]
    edges = sorted({*times, *(edge for each in overlays for edge in (each.start, each.end))})
    held = []
    for moment in edges:
        index = bisect_right(times, moment)
        last = statements[index - 1] if index else None
        over = [each for each in overlays if each.start <= moment < each.end and each.hides(last)]
        if over:
            held.append(max(over, key=lambda each: each.position).at(moment))
        elif last is not None:
            held.append(last if last.at == moment else _again(last, moment))
    return held


def _again(statement: Statement, moment: datetime) -> Statement:
    """What it said holds again, or still."""
    return Statement(
        moment,
        statement.position,
        statement.status,
        statement.reason,
        statement.corrected,
        statement.incident_id,
    )


def intervals(statements: Sequence[Statement], end: datetime | None) -> list[Interval]:
    """The newest first; the same status in a row is one, told by the first who said so."""
    found: list[Interval] = []
    for statement in reversed(statements):
        until = found[-1].start if found else end
        if until is not None and statement.at >= until:
            continue  # it never held: another one begins at the same moment
        if found and found[-1].status is statement.status:
            until = found.pop().end
        found.append(
            Interval(
                statement.status,
                statement.at,
                until,
                statement.reason,
                statement.incident_id,
                statement.corrected,
            )
        )
    return found
