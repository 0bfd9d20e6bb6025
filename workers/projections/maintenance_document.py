"""One maintenance as a document, for every projection that shows maintenances. Times as the log has them.

The fields of the plan, and {"id", "statuspage_id", "organisation_id", "series_id", "status", "started_at",
"completed_at", "updates": [...] (the oldest first), "version", "created_at", "updated_at"}
"""

from collections.abc import Callable
from typing import Any

from eventstore.events import RecordedEvent
from service.domain.values import MaintenanceStatus
from workers.projections.projection import Document

OVER = (MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED)


def is_over(maintenance: Document) -> bool:
    return maintenance["status"] in OVER


def _scheduled(_: Document | None, event: RecordedEvent) -> Document:
    data = event.data
    return {
        **data["plan"],
        "id": data["maintenance_id"],
        "statuspage_id": data["page_id"],
        "organisation_id": data["organisation_id"],
        "series_id": data["place"]["series_id"],
        "status": MaintenanceStatus.SCHEDULED.value,
        "started_at": None,
        "completed_at": None,
        "updates": [],
        "version": event.version,
        "created_at": data["at"],
        "updated_at": data["at"],
    }


def _edited(document: Document | None, event: RecordedEvent) -> Document | None:
    return _with(document, event, event.data["plan"])


def _updated(document: Document | None, event: RecordedEvent) -> Document | None:
    if document is None:
        return None
    data = event.data
    said = {name: data[name] for name in ("status", "body", "notify")}
    update = {"id": data["update_id"], **said, "created_at": data["at"]}
    changes = {"status": data["status"], "updates": [*document["updates"], update]}
    return _with(document, event, changes)


def _started(document: Document | None, event: RecordedEvent) -> Document | None:
    changes = {"status": MaintenanceStatus.IN_PROGRESS.value, "started_at": event.data["at"]}
    return _with(document, event, changes)


def _completed(document: Document | None, event: RecordedEvent) -> Document | None:
    changes = {"status": MaintenanceStatus.COMPLETED.value, "completed_at": event.data["at"]}
    return _with(document, event, changes)


def _cancelled(document: Document | None, event: RecordedEvent) -> Document | None:
    return _with(document, event, {"status": MaintenanceStatus.CANCELLED.value})


def _reminded(document: Document | None, event: RecordedEvent) -> Document | None:
    return _with(document, event, {})


def _with(document: Document | None, event: RecordedEvent, changes: dict[str, Any]) -> Document | None:
    if document is None:
        return None
    return {**document, **changes, "version": event.version, "updated_at": event.data["at"]}


MAINTENANCE_FOLDS: dict[str, Callable[[Document | None, RecordedEvent], Document | None]] = {
    "MaintenanceScheduled": _scheduled,
    "MaintenanceEdited": _edited,
    "MaintenanceUpdated": _updated,
    "MaintenanceStarted": _started,
    "MaintenanceCompleted": _completed,
    "MaintenanceCancelled": _cancelled,
    "MaintenanceReminded": _reminded,
}


def evolve_maintenance(document: Document | None, event: RecordedEvent) -> Document | None:
    """None: not known. `document` itself stays as it is."""
    return MAINTENANCE_FOLDS[event.type](document, event)
