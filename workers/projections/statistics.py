"""What statistics need of a component: its present status, and every change of it by UTC day.

Keys: the component's id (its present), and `<id>/<yyyy-mm-dd>` (the changes of one day, in order of time:
[at, position, status, reason, corrected, incident id, lent], where `lent` is what other incidents made of a
release). An event touches one day, a retraction the days on which the incident spoke, so that their cost does
not grow with the length of the history.
"""

from bisect import insort
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.domain.values import SEVERITY
from service.timestamps import sortable
from workers.projections.projection import Document, Projection


def _component_key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["component_id"],)


def _component_and_day(event: RecordedEvent) -> Sequence[str]:
    component_id = event.data["component_id"]
    return component_id, f"{component_id}/{event.data['at'][:10]}"


def _component_and_days(event: RecordedEvent) -> Sequence[str]:
    component_id = event.data["component_id"]
    days = dict.fromkeys(at[:10] for at in event.data["times"])
    return component_id, *(f"{component_id}/{day}" for day in days)


def _is_day(key: str) -> bool:
    return "/" in key


def _added(key: str, document: Document | None, event: RecordedEvent) -> Document:
    if _is_day(key):
        return _with_change(document, event)
    data = event.data
    return {
        "page_id": data["page_id"],
        "organisation_id": data["organisation_id"],
        "status": data["status"],
        "status_since": sortable(data["at"]),
        "started_at": sortable(data["at"]),
    }


def _changed(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if _is_day(key):
        return _with_change(document, event)
    if document is not None:
        document |= {"status": event.data["status"], "status_since": sortable(event.data["at"])}
    return document


def _said(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    """An incident or a window said something; the status it has already it keeps."""
    if _is_day(key):
        return _with_change(document, event)
    if document is not None:
        status, since = event.data["status"], sortable(event.data.get("since") or event.data["at"])
        if document["status"] == status:
            since = min(document["status_since"], since)
        document |= {"status": status, "status_since": since}
    return document


def _window(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return _said(key, document, event) if event.data["said"] else document


def _hold_retracted(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if document is None:
        return None
    if not _is_day(key):
        return document | {"status": event.data["status"], "status_since": sortable(event.data["since"])}
    incident_id = event.data["incident_id"]
    left = [_without(change, incident_id) for change in document["changes"] if change[5] != incident_id]
    return {"changes": left} if left else None


def _without(change: list[Any], incident_id: str) -> list[Any]:
    """A release that took its status from the incident takes it from the others now."""
    *rest, lent = change
    if lent is None or incident_id not in lent["holds"]:
        return change
    holds = {each: status for each, status in lent["holds"].items() if each != incident_id}
    rest[2] = max(holds.values(), key=SEVERITY.__getitem__, default=lent["otherwise"])
    return [*rest, {**lent, "holds": holds}]


def _corrected(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if _is_day(key):
        return _with_change(document, event, corrected=True)
    if document is not None:
        document["started_at"] = min(document["started_at"], sortable(event.data["at"]))
    return document


def _removed(_: str, __: Document | None, ___: RecordedEvent) -> None:
    return None


def _with_change(document: Document | None, event: RecordedEvent, *, corrected: bool = False) -> Document:
    data = event.data
    lent = {name: data[name] for name in ("holds", "otherwise")} if data.get("holds") else None
    changes: list[list[Any]] = document["changes"] if document else []
    insort(
        changes,
        [
            sortable(data["at"]),
            event.position,
            data["status"],
            data.get("reason"),
            corrected,
            data.get("incident_id"),
            lent,
        ],
    )
    return {"changes": changes}


FOLDS = {
    "ComponentAdded": _added,
    "ComponentStatusChanged": _changed,
    "ComponentStatusCorrected": _corrected,
    "ComponentHeld": _said,
    "ComponentReleased": _said,
    "ComponentWindowEntered": _window,
    "ComponentWindowLeft": _window,
    "ComponentHoldRetracted": _hold_retracted,
    "ComponentRemoved": _removed,
}
KEYS = {
    **dict.fromkeys(FOLDS, _component_and_day),
    "ComponentRemoved": _component_key,
    "ComponentHoldRetracted": _component_and_days,
}


def _row(key: str, _: Document) -> Sequence[Any]:
    component_id, _slash, day = key.partition("/")
    return UUID(component_id), date.fromisoformat(day) if day else None


STATISTICS = Projection(
    name="statistics",
    fold_version=2,
    keys=KEYS,
    folds=FOLDS,
    columns={"component_id": "uuid", "day": "date"},
    row=_row,
    indexes=("component_id, day",),
)
