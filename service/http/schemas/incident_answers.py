"""Incidents as they go out."""

from typing import Literal

from pydantic import Field

from service.http.schemas.base import Answer, Id
from service.http.schemas.components import Shown, StatusName

IncidentStatusName = Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]
ImpactName = Literal["none", "minor", "major", "critical"]


class AffectedComponent(Answer):
    id: Id
    status: StatusName


class Update(Answer):
    """`components`: those that this update names. `display_at`: the time that it speaks of."""

    id: Id
    status: IncidentStatusName
    body: str
    components: list[AffectedComponent]
    notify: bool
    created_at: Shown
    display_at: Shown


class Incident(Answer):
    """`impact`: the override, else the worst that its components ever were under it. `components`: each that
    it named, with what it said last. Updates come with the newest first; their bodies are Markdown."""

    id: Id
    statuspage_id: Id
    name: str
    status: IncidentStatusName
    impact: ImpactName
    impact_override: ImpactName | None
    components: list[AffectedComponent]
    updates: list[Update]
    started_at: Shown
    resolved_at: Shown | None
    postmortem: str | None
    metadata: dict[str, str]
    created_at: Shown
    updated_at: Shown
    url: str


class IncidentAnswer(Answer):
    incident: Incident


class ChangedIncidentAnswer(Answer):
    message: str
    incident: Incident


class IncidentsAnswer(Answer):
    """The newest first, by when they started."""

    incidents: list[Incident]
    next_cursor: str | None


class Month(Answer):
    """A calendar month in the page's time zone; `to` is the first moment of the next one."""

    month: str
    count: int
    from_: Shown = Field(alias="from")
    to: Shown


class MonthsAnswer(Answer):
    """The newest first; months in which no incident started are left out."""

    months: list[Month]
