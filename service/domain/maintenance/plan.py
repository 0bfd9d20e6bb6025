"""What is planned for a maintenance, and where it stands in its series."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Plan:
    """`recurrence`: an RRULE of RFC 5545 in the page's time zone. `body` is Markdown."""

    name: str
    body: str
    starts_at: datetime
    ends_at: datetime
    component_ids: tuple[UUID, ...] = ()
    auto_start: bool = True
    auto_complete: bool = True
    remind_before_minutes: int | None = None
    recurrence: str | None = None
    notify: bool = True

    @property
    def remind_at(self) -> datetime | None:
        if self.remind_before_minutes is None:
            return None
        return self.starts_at - timedelta(minutes=self.remind_before_minutes)


@dataclass(frozen=True, slots=True)
class Place:
    """The `number`th window of a series, whose first one was due at `anchor`; this one at `slot`.

    A window that is moved keeps its slot, so that the later ones come as if it had not been.
    """

    series_id: UUID
    number: int
    anchor: datetime
    slot: datetime
