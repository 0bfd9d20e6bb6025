"""What an incident says of a time about which others have spoken already."""

from datetime import datetime
from uuid import UUID

from service.domain.component.events import ComponentBackfilled, ComponentStatusCorrected, Event
from service.domain.component.state import Component
from service.domain.values import ComponentStatus


def backfilled(
    state: Component,
    incident_id: UUID,
    status: ComponentStatus,
    span: tuple[datetime, datetime],
    at: datetime,
) -> ComponentBackfilled:
    return ComponentBackfilled(state.component_id, state.page_id, incident_id, status, *span, at)


def past(state: Component, said: ComponentBackfilled) -> list[Event]:
    """Nothing, if the span has no length."""
    if said.start >= said.end:
        return []
    return [*_beginning(state, said.incident_id, said.start, said.at), said]


def _beginning(state: Component, incident_id: UUID, start: datetime, at: datetime) -> list[Event]:
    """Its known history then starts there, for as long as the incident stands."""
    if start >= min(state.known_since, state.begun.get(incident_id, state.known_since)):
        return []
    calm = ComponentStatus.OPERATIONAL
    return [
        ComponentStatusCorrected(state.component_id, state.page_id, calm, start, at, incident_id=incident_id)
    ]
