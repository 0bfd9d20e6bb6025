"""The page as its owner and its visitors see it: settings, layout, components with their present status.

Key: the page's id. Document: {"page": {...}, "layout": {...}, "components": {id: {...}}, "incidents": {id:
{...}}, "maintenances": {id: {...}}}; times as the log has them. Of incidents it has the open ones, of
maintenances those that run or are to come. A deleted page leaves no document.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.timestamps import sortable
from workers.projections.incident_document import INCIDENT_FOLDS, evolve_incident, is_open
from workers.projections.maintenance_document import MAINTENANCE_FOLDS, evolve_maintenance, is_over
from workers.projections.projection import Document, Projection


def _page_key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["page_id"],)


def _created(key: str, _: Document | None, event: RecordedEvent) -> Document:
    data = event.data
    page = {
        **data["settings"],
        "id": key,
        "organisation_id": data["organisation_id"],
        "password_id": data["password_id"],
        "domain_target": data["domain_target"],
        "enabled": True,
        "version": event.version,
        "created_at": data["at"],
        "updated_at": data["at"],
    }
    return {
        "page": page,
        "layout": data["layout"],
        "components": {},
        "incidents": {},
        "maintenances": {},
        "updated_at": data["at"],
    }


def _on_page(changes: dict[str, Any], document: Document | None, event: RecordedEvent) -> Document | None:
    if document is None:
        return None
    document["page"] |= {**changes, "version": event.version, "updated_at": event.data["at"]}
    document["updated_at"] = event.data["at"]
    return document


def _settings_changed(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    changes = {**event.data["settings"], "password_id": event.data["password_id"]}
    return _on_page(changes, document, event)


def _arranged(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if document is not None:
        document["layout"] = event.data["layout"]
    return _on_page({}, document, event)


def _enabled(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return _on_page({"enabled": True}, document, event)


def _disabled(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return _on_page({"enabled": False}, document, event)


def _deleted(_: str, __: Document | None, ___: RecordedEvent) -> None:
    return None


def _component_added(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    data = event.data
    component = {
        **data["details"],
        "id": data["component_id"],
        "status": data["status"],
        "status_since": data["at"],
        "created_at": data["at"],
    }
    return _put_component(component, document, event)


def _details_changed(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return _put_component(event.data["details"], document, event)


def _status_changed(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    change = {"status": event.data["status"], "status_since": event.data["at"]}
    return _put_component(change, document, event)


def _word_changed(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    """An incident or a window said something; the status it has already it keeps."""
    data = event.data
    status, since = data["status"], data.get("since") or data["at"]
    known = document["components"].get(data["component_id"]) if document else None
    if known and known.get("status") == status:
        since = min(known["status_since"], since, key=sortable)
    return _put_component({"status": status, "status_since": since}, document, event)


def _past_told(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    """The present stays; its version goes on, so that what is read serves as If-Match."""
    return _put_component({}, document, event)


def _hold_retracted(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    change = {"status": event.data["status"], "status_since": event.data["since"]}
    return _put_component(change, document, event)


def _put_component(
    changes: dict[str, Any], document: Document | None, event: RecordedEvent
) -> Document | None:
    if document is None:
        return None
    component = document["components"].setdefault(event.data["component_id"], {})
    component |= {**changes, "version": event.version, "updated_at": event.data["at"]}
    document["updated_at"] = event.data["at"]
    return document


def _component_removed(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if document is not None:
        document["components"].pop(event.data["component_id"], None)
        document["updated_at"] = event.data["at"]
    return document


def _incident(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if document is None:
        return None
    incidents, incident_id = document.setdefault("incidents", {}), event.data["incident_id"]
    incident = evolve_incident(incidents.pop(incident_id, None), event)
    if incident is not None and is_open(incident):
        incidents[incident_id] = incident
    document["updated_at"] = event.data["at"]
    return document


def _maintenance(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    if document is None:
        return None
    maintenances = document.setdefault("maintenances", {})
    maintenance_id = event.data["maintenance_id"]
    maintenance = evolve_maintenance(maintenances.pop(maintenance_id, None), event)
    if maintenance is not None and not is_over(maintenance):
        maintenances[maintenance_id] = maintenance
    document["updated_at"] = event.data["at"]
    return document


FOLDS = {
    "PageCreated": _created,
    "PageSettingsChanged": _settings_changed,
    "PageArranged": _arranged,
    "PageEnabled": _enabled,
    "PageDisabled": _disabled,
    "PageDeleted": _deleted,
    "ComponentAdded": _component_added,
    "ComponentDetailsChanged": _details_changed,
    "ComponentStatusChanged": _status_changed,
    "ComponentStatusCorrected": _past_told,
    "ComponentBackfilled": _past_told,
    "ComponentHeld": _word_changed,
    "ComponentReleased": _word_changed,
    "ComponentWindowEntered": _word_changed,
    "ComponentWindowLeft": _word_changed,
    "ComponentHoldRetracted": _hold_retracted,
    "ComponentRemoved": _component_removed,
    **dict.fromkeys(INCIDENT_FOLDS, _incident),
    **dict.fromkeys(MAINTENANCE_FOLDS, _maintenance),
}


def _row(_: str, document: Document) -> Sequence[Any]:
    page = document["page"]
    return UUID(page["organisation_id"]), page["name"], page["subdomain"], page["domain"]


PAGES = Projection(
    name="pages",
    fold_version=4,
    keys=dict.fromkeys(FOLDS, _page_key),
    folds=FOLDS,
    columns={"organisation_id": "uuid", "name": "text", "subdomain": "text", "domain": "text"},
    row=_row,
    indexes=("organisation_id, name, key", "subdomain", "domain"),
)
