"""The objects of the public JSON API v2, as far as they are read. What else there is, is ignored."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from service.domain.values import ComponentStatus
from service.http.schemas.components import Moment
from service.http.schemas.fields import TimeZone

IncidentStatus = Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]
MaintenanceStatus = Literal["scheduled", "in_progress", "verifying", "completed", "postmortem"]
Impact = Literal["none", "minor", "major", "critical", "maintenance"]


class Page(BaseModel):
    id: str
    name: str
    time_zone: TimeZone = "UTC"


class Component(BaseModel):
    """Also a group, which is an entry of the same list."""

    id: str
    name: str
    status: ComponentStatus
    created_at: Moment
    position: int = 0
    description: str | None = None
    start_date: date | None = None
    group_id: str | None = None
    group: bool = False
    only_show_if_degraded: bool = False


class Affected(BaseModel):
    """`code` is the component's id."""

    code: str
    new_status: ComponentStatus | None = None


class Update(BaseModel):
    id: str
    body: str | None = None
    created_at: Moment
    display_at: Moment | None = None
    affected_components: list[Affected] | None = None

    @property
    def moment(self) -> Moment:
        """The time that it speaks of."""
        return self.display_at or self.created_at


class IncidentUpdate(Update):
    status: IncidentStatus


class MaintenanceUpdate(Update):
    status: MaintenanceStatus


class Named(BaseModel):
    id: str


class Notice(BaseModel):
    """What incidents and maintenances have in common."""

    id: str
    name: str
    created_at: Moment
    shortlink: str | None = None
    components: list[Named] = Field(default_factory=list)


class Incident(Notice):
    status: IncidentStatus
    impact: Impact = "none"
    started_at: Moment | None = None
    resolved_at: Moment | None = None
    incident_updates: list[IncidentUpdate] = Field(min_length=1)


class Maintenance(Notice):
    status: MaintenanceStatus
    scheduled_for: Moment
    scheduled_until: Moment
    incident_updates: list[MaintenanceUpdate] = Field(default_factory=list)


class File(BaseModel):
    """Any file of the API: each has some of the lists."""

    page: Page
    components: list[Component] = Field(default_factory=list)
    incidents: list[Incident] = Field(default_factory=list)
    scheduled_maintenances: list[Maintenance] = Field(default_factory=list)
