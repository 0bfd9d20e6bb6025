"""Every maintenance, the cancelled ones too. Key: its id; document: see maintenance_document."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.timestamps import parsed
from workers.projections.maintenance_document import MAINTENANCE_FOLDS, evolve_maintenance
from workers.projections.projection import Document, Projection


def _key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["maintenance_id"],)


def _fold(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return evolve_maintenance(document, event)


def _row(_: str, document: Document) -> Sequence[Any]:
    return UUID(document["statuspage_id"]), document["status"], parsed(document["starts_at"])


MAINTENANCES = Projection(
    name="maintenances",
    fold_version=1,
    keys=dict.fromkeys(MAINTENANCE_FOLDS, _key),
    folds=dict.fromkeys(MAINTENANCE_FOLDS, _fold),
    columns={"page_id": "uuid", "status": "text", "starts_at": "timestamptz"},
    row=_row,
    indexes=("page_id, starts_at, key",),
)
