"""What an incident answers to each command."""

from datetime import datetime
from typing import assert_never

from service.domain.errors import Fault, Invalid, NotAllowed, NotFound
from service.domain.incident.commands import (
    BackfillIncident,
    Command,
    CorrectUpdate,
    EditIncident,
    OpenIncident,
    PublishPostmortem,
    RetractIncident,
    UpdateIncident,
)
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
from service.domain.incident.state import OVER, Incident, State, existing
from service.domain.values import IncidentStatus


def decide(state: State, command: Command) -> list[Event]:
    match command:
        case OpenIncident():
            return _open(state, command)
        case BackfillIncident():
            return _backfill(state, command)
        case UpdateIncident():
            return _update(existing(state), command)
        case CorrectUpdate():
            return _correct(existing(state), command)
        case EditIncident():
            return _edit(existing(state), command)
        case PublishPostmortem():
            return _publish(existing(state), command)
        case RetractIncident():
            known = existing(state)
            return [IncidentRetracted(known.incident_id, known.page_id, command.at)]
        case _:
            assert_never(command)


def _open(state: State, command: OpenIncident) -> list[Event]:
    _check_new(state)
    started_at = command.started_at or command.at
    _check_past("/started_at", started_at, command.at)
    if command.status in OVER:
        message = "An incident that is over needs started_at and resolved_at."
        raise Invalid([Fault("/resolved_at", "required", message)])
    return [
        IncidentOpened(
            command.incident_id,
            command.page_id,
            command.organisation_id,
            command.name,
            command.status,
            command.update_id,
            command.body,
            command.components,
            command.impact_override,
            command.notify,
            command.metadata,
            started_at,
            command.at,
        )
    ]


def _backfill(state: State, command: BackfillIncident) -> list[Event]:
    _check_new(state)
    _check_past("/resolved_at", command.resolved_at, command.at)
    if command.started_at >= command.resolved_at:
        message = "It should have started before it was resolved."
        raise Invalid([Fault("/started_at", "not_before_end", message)])
    return [
        IncidentBackfilled(
            command.incident_id,
            command.page_id,
            command.organisation_id,
            command.name,
            command.update_id,
            command.body,
            command.components,
            command.impact_override,
            command.metadata,
            command.started_at,
            command.resolved_at,
            command.at,
        )
    ]


def _check_new(state: State) -> None:
    if state is not None:
        raise NotAllowed("The incident exists already.")


def _check_past(pointer: str, moment: datetime, now: datetime) -> None:
    if moment > now:
        raise Invalid([Fault(pointer, "in_the_future", "It cannot lie in the future.")])


def _update(state: Incident, command: UpdateIncident) -> list[Event]:
    if command.update_id in state.updates:
        return []
    if state.over and command.status not in OVER:
        raise NotAllowed("The incident is over; open a new one.")
    if command.status is IncidentStatus.POSTMORTEM and not state.over:
        raise NotAllowed("A postmortem follows the resolution.")
    since = command.since or max(command.at, state.last_at)
    _check_past("/at", since, max(command.at, state.last_at))
    if since < state.last_at:
        raise Invalid([Fault("/at", "too_early", "It cannot lie before the update that it follows.")])
    return [
        IncidentUpdated(
            state.incident_id,
            state.page_id,
            command.update_id,
            command.status,
            command.body,
            command.components,
            command.notify,
            max(command.at, since),
            since,
        )
    ]


def _correct(state: Incident, command: CorrectUpdate) -> list[Event]:
    if command.update_id not in state.updates:
        raise NotFound("There is no such update.")
    if state.updates[command.update_id] == command.body:
        return []
    return [
        IncidentUpdateCorrected(state.incident_id, state.page_id, command.update_id, command.body, command.at)
    ]


def _edit(state: Incident, command: EditIncident) -> list[Event]:
    wanted = (command.name, command.impact_override, dict(command.metadata))
    if wanted == (state.name, state.impact_override, dict(state.metadata)):
        return []
    return [
        IncidentEdited(
            state.incident_id,
            state.page_id,
            command.name,
            command.impact_override,
            command.metadata,
            command.at,
        )
    ]


def _publish(state: Incident, command: PublishPostmortem) -> list[Event]:
    if not state.over:
        raise NotAllowed("A postmortem follows the resolution.")
    if state.postmortem == command.body:
        return []
    return [IncidentPostmortemPublished(state.incident_id, state.page_id, command.body, command.at)]
