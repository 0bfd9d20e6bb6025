"""One incident as a document, for every projection that shows incidents. Times as the log has them.

{"id", "statuspage_id", "organisation_id", "name", "status", "impact" (computed), "impact_override",
"components": {id: status}, "updates": [...] (the oldest first), "started_at", "monitoring_at", "resolved_at",
"postmortem", "metadata", "version", "created_at", "updated_at"}
"""

from collections.abc import Callable, Iterable
from typing import Any

from eventstore.events import RecordedEvent
from service.domain.values import GRAVITY, IMPACT_OF, ComponentStatus, Impact, IncidentStatus
from workers.projections.projection import Document

OVER = (IncidentStatus.RESOLVED, IncidentStatus.POSTMORTEM)


def is_open(incident: Document) -> bool:
    return incident["status"] not in OVER


def _opened(_: Document | None, event: RecordedEvent) -> Document:
    status, started_at = event.data["status"], event.data["started_at"]
    monitoring_at = started_at if status == IncidentStatus.MONITORING else None
    first = _update(event, status, started_at, notify=event.data["notify"])
    return _new(event, first, monitoring_at, None)


def _backfilled(_: Document | None, event: RecordedEvent) -> Document:
    resolved_at = event.data["resolved_at"]
    return _new(event, _update(event, IncidentStatus.RESOLVED, resolved_at, notify=False), None, resolved_at)


def _new(
    event: RecordedEvent, first: Document, monitoring_at: str | None, resolved_at: str | None
) -> Document:
    data = event.data
    return {
        "id": data["incident_id"],
        "statuspage_id": data["page_id"],
        "organisation_id": data["organisation_id"],
        "name": data["name"],
        "status": first["status"],
        "impact": _worst(Impact.NONE, data["components"].values()),
        "impact_override": data["impact_override"],
        "components": data["components"],
        "updates": [first],
        "started_at": data["started_at"],
        "monitoring_at": monitoring_at,
        "resolved_at": resolved_at,
        "postmortem": None,
        "metadata": data["metadata"],
        "version": event.version,
        "created_at": data["at"],
        "updated_at": data["at"],
    }


def _updated(document: Document | None, event: RecordedEvent) -> Document | None:
    if document is None:
        return None
    data, since = event.data, event.data["since"]
    status = data["status"]
    changes: dict[str, Any] = {
        "status": status,
        "impact": _worst(document["impact"], data["components"].values()),
        "components": {**document["components"], **data["components"]},
        "updates": [*document["updates"], _update(event, status, since, notify=data["notify"])],
    }
    if status == IncidentStatus.MONITORING and document["status"] != status:
        changes["monitoring_at"] = since
    if status in OVER and document["resolved_at"] is None:
        changes["resolved_at"] = since
    return _with(document, event, changes)


def _update_corrected(document: Document | None, event: RecordedEvent) -> Document | None:
    if document is None:
        return None
    correction = {"body": event.data["body"], "updated_at": event.data["at"]}
    updates = [
        {**update, **correction} if update["id"] == event.data["update_id"] else update
        for update in document["updates"]
    ]
    return _with(document, event, {"updates": updates})


def _edited(document: Document | None, event: RecordedEvent) -> Document | None:
    return _with(
        document, event, {name: event.data[name] for name in ("name", "impact_override", "metadata")}
    )


def _postmortem_published(document: Document | None, event: RecordedEvent) -> Document | None:
    return _with(
        document, event, {"postmortem": event.data["body"], "status": IncidentStatus.POSTMORTEM.value}
    )


def _retracted(_: Document | None, __: RecordedEvent) -> None:
    return None


def _with(document: Document | None, event: RecordedEvent, changes: dict[str, Any]) -> Document | None:
    if document is None:
        return None
    return {**document, **changes, "version": event.version, "updated_at": event.data["at"]}


def _update(event: RecordedEvent, status: str, display_at: str, *, notify: bool) -> Document:
    data = event.data
    return {
        "id": data["update_id"],
        "status": str(status),
        "body": data["body"],
        "components": data["components"],
        "notify": notify,
        "created_at": data["at"],
        "updated_at": data["at"],
        "display_at": display_at,
    }


def _worst(so_far: str, statuses: Iterable[str]) -> str:
    """What it was at its worst it stays, whatever becomes of its components."""
    impacts = [Impact(so_far), *(IMPACT_OF[ComponentStatus(status)] for status in statuses)]
    return max(impacts, key=GRAVITY.__getitem__).value


INCIDENT_FOLDS: dict[str, Callable[[Document | None, RecordedEvent], Document | None]] = {
    "IncidentOpened": _opened,
    "IncidentBackfilled": _backfilled,
    "IncidentUpdated": _updated,
    "IncidentUpdateCorrected": _update_corrected,
    "IncidentEdited": _edited,
    "IncidentPostmortemPublished": _postmortem_published,
    "IncidentRetracted": _retracted,
}


def evolve_incident(document: Document | None, event: RecordedEvent) -> Document | None:
    """None: retracted, or not known. `document` itself stays as it is."""
    return INCIDENT_FOLDS[event.type](document, event)
