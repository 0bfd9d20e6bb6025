"""What an event tells subscribers, in no language yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from service.domain.values import ComponentStatus, Impact, IncidentStatus, MaintenanceStatus
from service.notices.audience import Matter
from service.notices.kinds import Kind


@dataclass(frozen=True, slots=True)
class Window:
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """`thing_id`: the incident or the maintenance. `body` is Markdown, or empty.

    `components`: each that it touches, with the status it has by what is told; None: nothing is said of it.
    `changed`: those that it changes, with what the incident said of them before; None: nothing yet.
    `impact` is an incident's, `window` a maintenance's. `notify`: whoever brought it about wants it told.
    """

    kind: Kind
    page_id: UUID
    thing_id: UUID
    name: str
    status: IncidentStatus | MaintenanceStatus
    body: str
    components: Mapping[UUID, ComponentStatus | None]
    impact: Impact | None
    window: Window | None
    notify: bool
    changed: Mapping[UUID, ComponentStatus | None] = field(default_factory=dict)

    @property
    def matter(self) -> Matter:
        of_incident = isinstance(self.status, IncidentStatus)
        return Matter(self.thing_id if of_incident else None, frozenset(self.components))
