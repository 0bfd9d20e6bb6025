"""How fast a component answers, as a monitor measured it.

Measurements have a stream of their own beside the component's: they never meet its status, and however many
there are, what is decided about the next ones does not depend on them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from service.domain.decider import Decider
from service.domain.errors import Fault, Invalid


@dataclass(frozen=True, slots=True)
class Point:
    """A response that was measured `at` took so many `microseconds`."""

    at: datetime
    microseconds: int


@dataclass(frozen=True, slots=True)
class MeasureResponseTimes:
    """`at`: when this is said. The same points said again, by another command, are counted again."""

    component_id: UUID
    page_id: UUID
    points: tuple[Point, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ResponseTimesMeasured:
    """Each of `measured_at` with that of `microseconds` at the same place, in order of time, all in UTC."""

    component_id: UUID
    page_id: UUID
    measured_at: tuple[datetime, ...]
    microseconds: tuple[int, ...]
    at: datetime


Command = MeasureResponseTimes
Event = ResponseTimesMeasured


def decide(_: None, command: Command) -> list[Event]:
    """A point may lie as far back as it likes, but not in the future. Raises Invalid, naming all that do."""
    faults = [
        Fault(f"/points/{i}/at", "in_the_future", "Nothing can have been measured in the future.")
        for i, point in enumerate(command.points)
        if point.at > command.at
    ]
    if faults:
        raise Invalid(faults)
    points = sorted(command.points, key=lambda point: point.at)
    return [
        ResponseTimesMeasured(
            command.component_id,
            command.page_id,
            tuple(point.at.astimezone(UTC) for point in points),
            tuple(point.microseconds for point in points),
            command.at,
        )
    ]


def evolve(_: None, __: Event) -> None:
    return None


MEASUREMENT: Decider[None, Command, Event] = Decider("measurement", None, decide, evolve)
