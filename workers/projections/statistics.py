"""What statistics need of a component: its present status, and every change of it by UTC day.

Keys: the component's id (its present), and `<id>/<yyyy-mm-dd>` (the changes of one day, in order of time).
An event touches one day, so its cost does not grow with the length of the history.
"""

from bisect import insort
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.timestamps import sortable
from workers.projections.projection import Document, Projection


def _component_key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["component_id"],)


def _component_and_day(event: RecordedEvent) -> Sequence[str]:
    component_id = event.data["component_id"]
    return component_id, f"{component_id}/{event.data['at'][:10]}"


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


def _corrected(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if _is_day(key):
        return _with_change(document, event, corrected=True)
    if document is not None:
        document["started_at"] = min(document["started_at"], sortable(event.data["at"]))
    return document


def _removed(_: str, __: Document | None, ___: RecordedEvent) -> None:
    return None


def _with_change(document: Document | None, event: RecordedEvent, *, corrected: bool = False) -> Document:
    changes: list[list[Any]] = document["changes"] if document else []
    reason = event.data.get("reason")
    insort(changes, [sortable(event.data["at"]), event.position, event.data["status"], reason, corrected])
    return {"changes": changes}


FOLDS = {
    "ComponentAdded": _added,
    "ComponentStatusChanged": _changed,
    "ComponentStatusCorrected": _corrected,
    "ComponentRemoved": _removed,
}


def _row(key: str, _: Document) -> Sequence[Any]:
    component_id, _slash, day = key.partition("/")
    return UUID(component_id), date.fromisoformat(day) if day else None


STATISTICS = Projection(
    name="statistics",
    fold_version=1,
    keys={**dict.fromkeys(FOLDS, _component_and_day), "ComponentRemoved": _component_key},
    folds=FOLDS,
    columns={"component_id": "uuid", "day": "date"},
    row=_row,
    indexes=("component_id, day",),
)
