"""Every incident that was not retracted. Key: its id; document: see incident_document."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.timestamps import parsed
from workers.projections.incident_document import INCIDENT_FOLDS, evolve_incident, is_open
from workers.projections.projection import Document, Projection


def _key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["incident_id"],)


def _fold(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return evolve_incident(document, event)


def _row(_: str, document: Document) -> Sequence[Any]:
    return (
        UUID(document["statuspage_id"]),
        UUID(document["organisation_id"]),
        is_open(document),
        parsed(document["started_at"]),
    )


INCIDENTS = Projection(
    name="incidents",
    fold_version=1,
    keys=dict.fromkeys(INCIDENT_FOLDS, _key),
    folds=dict.fromkeys(INCIDENT_FOLDS, _fold),
    columns={"page_id": "uuid", "organisation_id": "uuid", "open": "boolean", "started_at": "timestamptz"},
    row=_row,
    indexes=("page_id, started_at, key",),
)
