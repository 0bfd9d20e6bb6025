"""Incident templates by id: their texts, components and variables. A deleted one leaves no document."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from workers.projections.projection import Document, Projection


def _key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["template_id"],)


def _created(key: str, _: Document | None, event: RecordedEvent) -> Document:
    data = event.data
    said = {name: data[name] for name in ("organisation_id", "name", "body", "components", "variables")}
    return {"id": key, **said, "created_at": data["at"]}


def _deleted(_: str, __: Document | None, ___: RecordedEvent) -> None:
    return None


def _row(_: str, document: Document) -> Sequence[Any]:
    return UUID(document["organisation_id"]), document["name"]


INCIDENT_TEMPLATES = Projection(
    name="incident_templates",
    fold_version=1,
    keys={"IncidentTemplateCreated": _key, "IncidentTemplateDeleted": _key},
    folds={"IncidentTemplateCreated": _created, "IncidentTemplateDeleted": _deleted},
    columns={"organisation_id": "uuid", "name": "text"},
    row=_row,
    indexes=("organisation_id, name, key",),
)
