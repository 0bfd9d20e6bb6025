"""A part of a component's changes, in order of time, as the statistics keep it; see there."""

from bisect import insort
from typing import Any

from eventstore.events import RecordedEvent
from service.domain.values import SEVERITY, ComponentStatus
from service.timestamps import sortable
from workers.projections.projection import Document


def with_change(document: Document | None, event: RecordedEvent, *, corrected: bool = False) -> Document:
    data = event.data
    lent = {name: data[name] for name in ("holds", "otherwise")} if data.get("holds") else None
    known = document or {"changes": []}
    changes: list[list[Any]] = known["changes"]
    beneath = corrected and data["incident_id"] is not None
    insort(
        changes,
        [
            sortable(data["at"]),
            0 if beneath else event.position,
            data["status"],
            data.get("reason"),
            corrected,
            data.get("incident_id"),
            lent,
        ],
    )
    return known


def with_hidden(document: Document | None, event: RecordedEvent) -> Document:
    """Without the incidents that hide it, a window's start would say so; its end, what is left then."""
    data = event.data
    otherwise = data.get("otherwise", ComponentStatus.UNDER_MAINTENANCE.value)
    lent = {"holds": data.get("holds", {}), "otherwise": otherwise}
    change = [sortable(data["at"]), event.position, _left(lent), None, False, None, lent]
    known = document or {"changes": []}
    return {**known, "hidden": [*known.get("hidden", ()), {"by": data["hidden_by"], "change": change}]}


def taken_back(document: Document, incident_id: str) -> Document | None:
    """Without what the incident said, and with what it alone hid; None: nothing is left."""
    hidden = [_less_hidden(each, incident_id) for each in document.get("hidden", ())]
    changes = [less_lent(change, incident_id) for change in document["changes"] if change[5] != incident_id]
    changes = sorted([*changes, *(each["change"] for each in hidden if not each["by"])])
    still = [each for each in hidden if each["by"]]
    return {"changes": changes, **({"hidden": still} if still else {})} if changes or still else None


def _less_hidden(hidden: Document, incident_id: str) -> Document:
    by = [each for each in hidden["by"] if each != incident_id]
    return {"by": by, "change": less_lent(hidden["change"], incident_id)}


def less_lent(change: list[Any], incident_id: str) -> list[Any]:
    """An end that took its status from the incident takes it from the others now."""
    *rest, lent = change
    if lent is None or incident_id not in lent["holds"]:
        return change
    holds = {each: status for each, status in lent["holds"].items() if each != incident_id}
    left = {**lent, "holds": holds}
    rest[2] = _left(left)
    return [*rest, left]


def _left(lent: Document) -> str:
    status: str = max(lent["holds"].values(), key=SEVERITY.__getitem__, default=lent["otherwise"])
    return status
