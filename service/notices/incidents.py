"""What an incident's events tell.

A corrected text, an edited name and a published postmortem tell nothing: they come without a say in whether
to notify. An update of the status `postmortem` has one, and tells. That an incident is retracted is told
while those who were told of it still wait for its end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from service.domain.incident import (
    INCIDENT,
    OVER,
    Event,
    Incident,
    IncidentBackfilled,
    IncidentOpened,
    IncidentRetracted,
    IncidentUpdated,
)
from service.domain.values import GRAVITY, IMPACT_OF, ComponentStatus, Impact, IncidentStatus
from service.notices.kinds import Kind
from service.notices.told import Told

TELLING = (IncidentOpened, IncidentUpdated, IncidentRetracted)


def told_of_incident(stream: Sequence[Event], version: int) -> Told | None:
    """What the event at `version` of an incident's stream tells; None: nothing."""
    events = stream[:version]
    before, after = INCIDENT.fold(events[:-1]), INCIDENT.fold(events)
    if after is None:
        return None
    match events[-1]:
        case IncidentOpened(body=body, notify=notify):
            told = _told(events, after, Kind.INCIDENT_OPENED, body, after.components, notify=notify)
            return replace(told, changed=dict.fromkeys(after.components))
        case IncidentUpdated() as event:
            kind, components = _kind(before, event), _shown(after, event)
            told = _told(events, after, kind, event.body, components, notify=event.notify)
            return replace(told, changed=_changed(before, event))
        case IncidentRetracted():
            components = dict.fromkeys(after.components)
            notify = not after.over and any(_was_told(event) for event in events)
            return _told(events, after, Kind.INCIDENT_RETRACTED, "", components, notify=notify)
        case _:
            return None


def _told(
    events: Sequence[Event],
    incident: Incident,
    kind: Kind,
    body: str,
    components: Mapping[UUID, ComponentStatus | None],
    *,
    notify: bool,
) -> Told:
    return Told(
        kind,
        incident.page_id,
        incident.incident_id,
        incident.name,
        incident.status,
        body,
        components,
        impact_of(events, incident),
        None,
        notify,
    )


def _kind(before: Incident | None, event: IncidentUpdated) -> Kind:
    ends = event.status is IncidentStatus.RESOLVED and before is not None and not before.over
    return Kind.INCIDENT_RESOLVED if ends else Kind.INCIDENT_UPDATED


def _shown(after: Incident, event: IncidentUpdated) -> Mapping[UUID, ComponentStatus | None]:
    """What an incident that is over once said of a component holds no longer."""
    if event.status in OVER:
        return {component_id: event.components.get(component_id) for component_id in after.components}
    return after.components


def _changed(before: Incident | None, event: IncidentUpdated) -> Mapping[UUID, ComponentStatus | None]:
    said = {} if before is None else before.components
    return {each: said.get(each) for each, status in event.components.items() if said.get(each) != status}


def _was_told(event: Event) -> bool:
    return isinstance(event, IncidentOpened | IncidentUpdated) and event.notify


def impact_of(events: Sequence[Event], incident: Incident) -> Impact:
    """The override, else the worst that its components ever were under it."""
    if incident.impact_override is not None:
        return incident.impact_override
    naming = (IncidentOpened, IncidentBackfilled, IncidentUpdated)
    said = [status for event in events if isinstance(event, naming) for status in event.components.values()]
    return max((IMPACT_OF[status] for status in said), key=GRAVITY.__getitem__, default=Impact.NONE)
