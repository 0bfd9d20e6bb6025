"""Organisations by id: name and when they were created."""

from collections.abc import Sequence
from typing import Any

from eventstore.events import RecordedEvent
from workers.projections.projection import Document, Projection


def _key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["organisation_id"],)


def _created(key: str, _: Document | None, event: RecordedEvent) -> Document:
    return {"id": key, "name": event.data["name"], "created_at": event.data["at"]}


def _row(_: str, document: Document) -> Sequence[Any]:
    return (document["name"],)


ORGANISATIONS = Projection(
    name="organisations",
    fold_version=1,
    keys={"OrganisationCreated": _key},
    folds={"OrganisationCreated": _created},
    columns={"name": "text"},
    row=_row,
)
