"""What statistics need of a component: its present status, every change of it, and how its days were spent.

Keys: the component's id (its present; `told_until`: up to then something was said of its past, so that only
its changes tell since when it has its status; None: nothing was since it turned to it); `<id>@<yyyy-mm-dd>`
(the marks of a UTC day, see service.domain.marks; None once something was taken back or said among earlier
words, so that the changes have to be asked); and
`<id>/<yyyy-mm-dd>/<part>` (changes of that day, in order of time: [at, position, status, reason, corrected,
incident id, lent], where `lent` is what other incidents made of a release; and the `hidden` ones, which come
to show when the incidents that hide them are retracted).

A part has at most so many changes, and a day's course so many marks, that the cost of an event does not grow
with the length or the density of the history. With its component all of it is gone.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.domain.marks import NUMBERS, note, note_late, packed
from service.timestamps import millisecond_of_day, parsed, sortable
from workers.projections.changes import taken_back, with_change, with_hidden
from workers.projections.projection import Document, Projection, component_of

PART = 64
"""Reports in a row that one part may hold."""


def _component_key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["component_id"],)


def _reported(event: RecordedEvent) -> Sequence[str]:
    """Reports share a part with their neighbours in the stream."""
    component_id, day = event.data["component_id"], event.data["at"][:10]
    return component_id, f"{component_id}@{day}", f"{component_id}/{day}/{event.version // PART}"


def _spoken(event: RecordedEvent) -> Sequence[str]:
    """Words that can be taken back are found by the minute in which they were said."""
    component_id, at = event.data["component_id"], event.data["at"]
    return component_id, f"{component_id}@{at[:10]}", _minute(component_id, at)


def _corrected_keys(event: RecordedEvent) -> Sequence[str]:
    return _reported(event) if event.data["incident_id"] is None else _spoken(event)


def _unspoken(event: RecordedEvent) -> Sequence[str]:
    component_id, times = event.data["component_id"], event.data["times"]
    days = dict.fromkeys(f"{component_id}@{at[:10]}" for at in times)
    return component_id, *days, *dict.fromkeys(_minute(component_id, at) for at in times)


def _minute(component_id: str, at: str) -> str:
    return f"{component_id}/{at[:10]}/{at[11:16]}"


def _is_part(key: str) -> bool:
    return "/" in key


def _is_course(key: str) -> bool:
    return "@" in key


def _added(key: str, document: Document | None, event: RecordedEvent) -> Document:
    if _is_course(key):
        return _with_mark(document, event)
    if _is_part(key):
        return with_change(document, event)
    data = event.data
    return {
        "page_id": data["page_id"],
        "organisation_id": data["organisation_id"],
        "status": data["status"],
        "status_since": sortable(data["at"]),
        "told_until": None,
    }


def _changed(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if _is_course(key):
        return _with_mark(document, event)
    if _is_part(key):
        return with_change(document, event)
    return None if document is None else _turned(document, event)


def _turned(document: Document, event: RecordedEvent) -> Document:
    """The status it has already it keeps."""
    status, at = event.data["status"], sortable(event.data["at"])
    since, known = sortable(event.data.get("since") or at), document["status_since"]
    if document["status"] == status:
        left = document | {"status_since": min(known, since)}
        return left if since >= known else _told_late(left, at)
    left = document | {"status": status, "status_since": since}
    if since == at > max(known, document.get("told_until") or known):
        return left | {"told_until": None}
    return _told_late(left, at)


def _told_late(document: Document, until: str) -> Document:
    known = document["status_since"], document.get("told_until") or until
    return document | {"told_until": max(until, *known)}


def _backfilled(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return None if document is None else _told_late(document, sortable(event.data["end"]))


def _window(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if event.data["said"]:
        return _changed(key, document, event)
    return with_hidden(document, event) if event.data["hidden_by"] and _is_part(key) else document


def _hold_retracted(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if _is_course(key):
        return _without_marks(key, document)
    if document is None:
        return None
    if not _is_part(key):
        left = {"status": event.data["status"], "status_since": sortable(event.data["since"])}
        return _told_late(document | left, document["status_since"])
    return taken_back(document, event.data["incident_id"])


def _corrected(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if _is_course(key):
        beneath = event.data["incident_id"] is not None
        return _without_marks(key, document) if beneath else _with_mark(document, event)
    if _is_part(key):
        return with_change(document, event, corrected=True)
    return None if document is None else _told_late(document, sortable(event.data["at"]))


def _without_marks(key: str, document: Document | None) -> Document:
    """The changes have to be asked; there may be some now where there was none."""
    return {"last": document["last"] if document else f"{key[37:47]}T00:00:00.000000Z", "marks": None}


def _with_mark(document: Document | None, event: RecordedEvent) -> Document:
    at = sortable(event.data["at"])
    known: Document = document or {"last": at, "marks": []}
    marks, said = known["marks"], (millisecond_of_day(at), NUMBERS[event.data["status"]])
    if marks is not None and at >= known["last"]:
        note(marks, *said)
        known["last"] = at
    elif marks is not None and not note_late(marks, *said):
        known["marks"] = None
    return known


FOLDS = {
    "ComponentAdded": _added,
    "ComponentStatusChanged": _changed,
    "ComponentStatusCorrected": _corrected,
    "ComponentHeld": _changed,
    "ComponentReleased": _changed,
    "ComponentBackfilled": _backfilled,
    "ComponentWindowEntered": _window,
    "ComponentWindowLeft": _window,
    "ComponentHoldRetracted": _hold_retracted,
}
KEYS = {
    **dict.fromkeys(FOLDS, _spoken),
    **dict.fromkeys(("ComponentAdded", "ComponentStatusChanged"), _reported),
    "ComponentStatusCorrected": _corrected_keys,
    "ComponentBackfilled": _component_key,
    "ComponentHoldRetracted": _unspoken,
}


def _row(key: str, document: Document) -> Sequence[Any]:
    component_id = UUID(key[:36])
    if _is_course(key):
        marks = document["marks"]
        return component_id, None, None, None, _day(key), None if marks is None else packed(marks)
    if _is_part(key) and document["changes"]:
        changes = document["changes"]
        return component_id, _day(key), parsed(changes[0][0]), parsed(changes[-1][0]), None, None
    return component_id, *[None] * 5


def _day(key: str) -> date:
    return date.fromisoformat(key[37:47])


STATISTICS = Projection(
    name="statistics",
    fold_version=6,
    keys=KEYS,
    folds=FOLDS,
    columns={
        "component_id": "uuid",
        "day": "date",
        "first_at": "timestamptz",
        "last_at": "timestamptz",
        "course_of": "date",
        "course": "bytea",
    },
    row=_row,
    indexes=("component_id, day", "component_id, course_of"),
    family="component_id",
    ends={"ComponentRemoved": component_of},
)
