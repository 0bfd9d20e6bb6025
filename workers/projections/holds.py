"""Which incident held which component when, and what it said later of the component's past.

Key: `<component id>/<incident id>`. Document: {"since", "until" (None: it holds it still), "spells": [[since,
until], ...], "overlays": [[start, end, status, position], ...]}; an overlay that is an end told late has what
other incidents lent it as a fifth, if they did. However long a history grows, an event touches few small
documents; with the component all of them are gone.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.timestamps import parsed, sortable
from workers.projections.changes import less_lent
from workers.projections.projection import Document, Projection, component_of

LENT = 4
"""Where an overlay has what others lent it."""


def _key(event: RecordedEvent) -> Sequence[str]:
    return (f"{event.data['component_id']}/{event.data['incident_id']}",)


def _held(_: str, document: Document | None, event: RecordedEvent) -> Document:
    """One that is over may say something of it again, and let go of it with that."""
    since = sortable(event.data["since"])
    if document is None:
        return {"since": since, "until": None, "spells": [[since, None]], "overlays": []}
    spells: list[list[str | None]] = document["spells"]
    if not spells or spells[-1][1] is not None:
        spells = [*spells, [since, None]]
    return {**document, "since": min(document["since"], since), "until": None, "spells": spells}


def _released(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if document is None:
        return None
    until = sortable(event.data["since"])
    *over, [since, _] = document["spells"]
    return {**document, "until": until, "spells": [*over, [since, until]]}


def _backfilled(_: str, document: Document | None, event: RecordedEvent) -> Document:
    data = event.data
    start, end = sortable(data["start"]), sortable(data["end"])
    known = document or {"since": start, "until": end, "spells": [], "overlays": []}
    overlay = [start, end, data["status"], event.position]
    if data["holds"]:
        overlay.append({"holds": data["holds"], "otherwise": data["otherwise"]})
    return {**known, "since": min(known["since"], start), "overlays": [*known["overlays"], overlay]}


def _retracted_keys(event: RecordedEvent) -> Sequence[str]:
    component_id, borrowers = event.data["component_id"], event.data["borrowers"]
    return *_key(event), *dict.fromkeys(f"{component_id}/{each}" for each in borrowers)


def _retracted(key: str, document: Document | None, event: RecordedEvent) -> Document | None:
    """Its own hold is gone; who borrowed from it takes the status from the others now."""
    incident_id = event.data["incident_id"]
    if document is None or key.endswith(incident_id):
        return None
    overlays = [less_lent(each, incident_id) if each[LENT:] else each for each in document["overlays"]]
    return {**document, "overlays": overlays}


def _row(key: str, document: Document) -> Sequence[Any]:
    """`until`: when the last of it ends, the overlays included."""
    component_id, _, incident_id = key.partition("/")
    ends = [document["until"], *(overlay[1] for overlay in document["overlays"])]
    until = None if document["until"] is None else parsed(max(ends))
    return UUID(component_id), UUID(incident_id), parsed(document["since"]), until


FOLDS = {
    "ComponentHeld": _held,
    "ComponentReleased": _released,
    "ComponentBackfilled": _backfilled,
    "ComponentHoldRetracted": _retracted,
}

HOLDS = Projection(
    name="holds",
    fold_version=3,
    keys={**dict.fromkeys(FOLDS, _key), "ComponentHoldRetracted": _retracted_keys},
    folds=FOLDS,
    columns={
        "component_id": "uuid",
        "incident_id": "uuid",
        "since": "timestamptz",
        "until": "timestamptz",
    },
    row=_row,
    indexes=("component_id, until",),
    family="component_id",
    ends={"ComponentRemoved": component_of},
)
