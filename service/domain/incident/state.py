"""What the rules need to know of an incident, and how a fact changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from service.domain.errors import NotFound
from service.domain.incident.events import (
    Event,
    IncidentBackfilled,
    IncidentEdited,
    IncidentOpened,
    IncidentPostmortemPublished,
    IncidentRetracted,
    IncidentUpdateCorrected,
    IncidentUpdated,
)
from service.domain.values import ComponentStatus, Impact, IncidentStatus

OVER = frozenset({IncidentStatus.RESOLVED, IncidentStatus.POSTMORTEM})


@dataclass(frozen=True, slots=True)
class Incident:
    """`components`: each it ever touched, with what it last said. `updates`: their texts, oldest first.

    `last_at`: the time that the last update speaks of.
    """

    incident_id: UUID
    page_id: UUID
    organisation_id: UUID
    name: str
    status: IncidentStatus
    components: Mapping[UUID, ComponentStatus]
    impact_override: Impact | None
    metadata: Mapping[str, str]
    updates: Mapping[UUID, str]
    last_at: datetime
    postmortem: str | None = None
    retracted: bool = False

    @property
    def over(self) -> bool:
        return self.status in OVER


State = Incident | None


def existing(state: State) -> Incident:
    """Raises NotFound for an incident that never was or has been retracted."""
    if state is None or state.retracted:
        raise NotFound("There is no such incident.")
    return state


def evolve(state: State, event: Event) -> State:
    match event:
        case IncidentOpened():
            return _opened(event, event.status)
        case IncidentBackfilled():
            return _opened(event, IncidentStatus.RESOLVED)
        case IncidentUpdated():
            return _updated(existing(state), event)
        case IncidentUpdateCorrected():
            known = existing(state)
            return replace(known, updates={**known.updates, event.update_id: event.body})
        case IncidentEdited():
            return _edited(existing(state), event)
        case IncidentPostmortemPublished():
            return replace(existing(state), postmortem=event.body, status=IncidentStatus.POSTMORTEM)
        case IncidentRetracted():
            return replace(existing(state), retracted=True)
        case _:
            assert_never(event)


def _opened(event: IncidentOpened | IncidentBackfilled, status: IncidentStatus) -> Incident:
    return Incident(
        event.incident_id,
        event.page_id,
        event.organisation_id,
        event.name,
        status,
        dict(event.components),
        event.impact_override,
        dict(event.metadata),
        {event.update_id: event.body},
        event.started_at if isinstance(event, IncidentOpened) else event.resolved_at,
    )


def _updated(state: Incident, event: IncidentUpdated) -> Incident:
    return replace(
        state,
        status=event.status,
        components={**state.components, **event.components},
        updates={**state.updates, event.update_id: event.body},
        last_at=event.since,
    )


def _edited(state: Incident, event: IncidentEdited) -> Incident:
    return replace(
        state, name=event.name, impact_override=event.impact_override, metadata=dict(event.metadata)
    )
