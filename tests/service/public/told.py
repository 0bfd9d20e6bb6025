"""Incidents and maintenances as the read models hold them, of a page."""

from typing import Any
from uuid import uuid4

from service.readmodels.rendering import PageView, render
from tests.service.public.fakes import PLACES, START

ENDED = "2026-08-01T02:00:00.000000Z"


def incident(view: PageView, *statuses: str, **changes: Any) -> dict[str, Any]:
    """One that is resolved; `statuses` are those of the page's components, in order."""
    return {
        "id": str(uuid4()),
        "statuspage_id": str(view.page_id),
        "organisation_id": str(view.organisation_id),
        "name": "Searches fail",
        "status": "resolved",
        "impact": "major",
        "impact_override": None,
        "components": dict(zip(view.document["components"], statuses, strict=False)),
        "updates": [update("investigating", "We *look*."), update("resolved", "It works again.")],
        "started_at": START,
        "monitoring_at": None,
        "resolved_at": ENDED,
        "postmortem": None,
        "metadata": {},
        "version": 2,
        "created_at": START,
        "updated_at": ENDED,
    } | changes


def maintenance(view: PageView, **changes: Any) -> dict[str, Any]:
    """One that is over, of all of the page's components."""
    return {
        "id": str(uuid4()),
        "statuspage_id": str(view.page_id),
        "organisation_id": str(view.organisation_id),
        "name": "Upgrade",
        "body": "Writes **wait**.",
        "status": "completed",
        "starts_at": START,
        "ends_at": ENDED,
        "started_at": START,
        "completed_at": ENDED,
        "component_ids": list(view.document["components"]),
        "auto_start": True,
        "auto_complete": True,
        "remind_before_minutes": None,
        "recurrence": None,
        "series_id": str(uuid4()),
        "notify": True,
        "updates": [update("completed", "All done.")],
        "version": 2,
        "created_at": START,
        "updated_at": ENDED,
    } | changes


def update(status: str, body: str) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "status": status,
        "body": body,
        "components": {},
        "notify": True,
        "created_at": START,
        "display_at": START,
    }


def telling(view: PageView, told: dict[str, Any]) -> PageView:
    """The same page after one more event, with an incident that is open."""
    document = {**view.document, "incidents": {told["id"]: told}}
    return render(view.page_id, document, view.position + 1, PLACES)
