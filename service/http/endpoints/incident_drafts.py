"""An incident's body as the command that it means."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from service.commands import incidents as use_cases
from service.domain import incident
from service.domain.errors import Fault, Invalid
from service.domain.values import ComponentStatus, IncidentStatus
from service.http.call import Call
from service.http.schemas import incidents as schemas

Opening = use_cases.OpenIncident | use_cases.BackfillIncident


def opening_of(
    call: Call, incident_id: UUID, at: datetime
) -> use_cases.OpenIncident | use_cases.BackfillIncident:
    """Raises Invalid for an incident of the past that is not whole."""
    body: schemas.NewIncident = call.body
    if body.resolved_at is not None or body.status in incident.OVER:
        return use_cases.BackfillIncident(_backfill(call, body, incident_id, at))
    command = incident.OpenIncident(
        incident_id,
        call.ids["id"],
        call.organisation_id,
        body.name,
        body.status or IncidentStatus.INVESTIGATING,
        uuid5(call.command_id, "update"),
        body.body,
        named(body.components),
        body.impact_override,
        body.notify,
        body.metadata,
        at,
        body.started_at,
    )
    return use_cases.OpenIncident(command)


def update_of(call: Call, at: datetime) -> use_cases.UpdateIncident:
    """Raises Invalid for a component that is listed twice."""
    body: schemas.UpdateIncident = call.body
    command = incident.UpdateIncident(
        uuid5(call.command_id, "update"),
        body.status,
        body.body,
        named(body.components),
        body.notify,
        at,
        body.at,
    )
    return use_cases.UpdateIncident(call.ids["id"], call.organisation_id, call.if_match, command)


def named(components: Sequence[schemas.NamedComponent]) -> dict[UUID, ComponentStatus]:
    """In the order in which they were listed. Raises Invalid for one that is listed twice."""
    ids = [component.id for component in components]
    faults = [
        Fault(f"/components/{i}/id", "repeated_id", "This id is listed twice.")
        for i, component_id in enumerate(ids)
        if component_id in ids[:i]
    ]
    if faults:
        raise Invalid(faults)
    return {component.id: component.status for component in components}


def _backfill(
    call: Call, body: schemas.NewIncident, incident_id: UUID, at: datetime
) -> incident.BackfillIncident:
    if body.started_at is None or body.resolved_at is None or not _is_resolved(body):
        raise Invalid(_missing(body))
    return incident.BackfillIncident(
        incident_id,
        call.ids["id"],
        call.organisation_id,
        body.name,
        uuid5(call.command_id, "update"),
        body.body,
        named(body.components),
        body.impact_override,
        body.metadata,
        body.started_at,
        body.resolved_at,
        at,
    )


def _is_resolved(body: schemas.NewIncident) -> bool:
    return body.status in (None, IncidentStatus.RESOLVED)


def _missing(body: schemas.NewIncident) -> list[Fault]:
    faults = []
    if not _is_resolved(body):
        faults.append(Fault("/status", "not_resolved", "What has a resolved_at is resolved."))
    if body.started_at is None:
        faults.append(Fault("/started_at", "required", "An incident of the past says when it started."))
    if body.resolved_at is None:
        faults.append(Fault("/resolved_at", "required", "An incident of the past says when it was resolved."))
    return faults
