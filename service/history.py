"""Things as they stood after an event: folded from the log as the read models are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.store import EventStore
from service.domain.incident import INCIDENT, Event
from service.domain.incident_template import INCIDENT_TEMPLATES as TEMPLATES_OF
from service.domain.maintenance import MAINTENANCE
from service.readmodels.rendering import PageView, Places, render
from workers.projections.folding import Documents, fold
from workers.projections.incident_templates import INCIDENT_TEMPLATES
from workers.projections.incidents import INCIDENTS
from workers.projections.maintenances import MAINTENANCES
from workers.projections.pages import PAGES
from workers.projections.projection import Projection


class PageHistory:
    def __init__(self, store: EventStore, codec: Codec, places: Places) -> None:
        self._store = store
        self._codec = codec
        self._places = places

    async def at(self, page_id: UUID, position: int) -> PageView | None:
        """None: there was no such page then. Raises StoreUnavailable."""
        events = await self._store.read_subject(page_id, position)
        documents: Documents = {}
        fold(PAGES, documents, [self._codec.upcast(event) for event in events])
        document = documents.get(str(page_id))
        if document is None:
            return None
        return render(page_id, document, events[-1].position, self._places)


class IncidentHistory:
    def __init__(self, store: EventStore, codec: Codec) -> None:
        self._store = store
        self._codec = codec

    async def at(self, incident_id: UUID, position: int) -> dict[str, Any] | None:
        """Its document; None: there was no such incident then. Raises StoreUnavailable."""
        events = await self._store.read_stream(INCIDENT.stream(incident_id))
        return _folded(INCIDENTS, str(incident_id), self._codec, events, position)

    async def events(self, incident_id: UUID) -> list[Event]:
        """All that happened to it, in order. Raises StoreUnavailable."""
        recorded = await self._store.read_stream(INCIDENT.stream(incident_id))
        return [self._codec.decode(event) for event in recorded]


class IncidentTemplateHistory:
    def __init__(self, store: EventStore, codec: Codec) -> None:
        self._store = store
        self._codec = codec

    async def at(self, organisation_id: UUID, template_id: UUID, position: int) -> dict[str, Any] | None:
        """Its document; None: the organisation had no such template then. Raises StoreUnavailable."""
        events = await self._store.read_stream(TEMPLATES_OF.stream(organisation_id))
        return _folded(INCIDENT_TEMPLATES, str(template_id), self._codec, events, position)


class MaintenanceHistory:
    def __init__(self, store: EventStore, codec: Codec) -> None:
        self._store = store
        self._codec = codec

    async def at(self, maintenance_id: UUID, position: int) -> dict[str, Any] | None:
        """Its document; None: there was no such maintenance then. Raises StoreUnavailable."""
        events = await self._store.read_stream(MAINTENANCE.stream(maintenance_id))
        return _folded(MAINTENANCES, str(maintenance_id), self._codec, events, position)


def _folded(
    projection: Projection, key: str, codec: Codec, events: Sequence[RecordedEvent], position: int
) -> dict[str, Any] | None:
    documents: Documents = {}
    fold(projection, documents, [codec.upcast(event) for event in events if event.position <= position])
    return documents.get(key)
