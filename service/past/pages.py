"""A page as it was shown at a time."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.store import EventStore
from service.domain.component import COMPONENT
from service.domain.values import ComponentStatus
from service.past.corrections import corrections
from service.past.reading import END, events_about, events_of, owns
from service.past.words import Words
from service.readmodels.rendering import PageView, Places, render
from workers.projections.folding import Documents, fold
from workers.projections.pages import PAGES
from workers.projections.statistics import STATISTICS

SHOWN_TYPES = frozenset(PAGES.folds)
SPEAKING_TYPES = SHOWN_TYPES | frozenset(STATISTICS.folds) | {"ComponentBackfilled"}
BOOKKEEPING = frozenset({"version", "updated_at"})
STATUS = frozenset({"status", "status_since"})
"""Of a component they are compared by what is said of that time, not by what was said last."""


@dataclass(frozen=True, slots=True)
class PageThen:
    """`position`: of the last event about the page that was recorded by then.

    `corrected_since`: with what was said later of that time, another page would have been shown.
    """

    view: PageView
    position: int
    corrected_since: bool


class PagePast:
    def __init__(self, store: EventStore, codec: Codec, places: Places) -> None:
        self._store = store
        self._codec = codec
        self._places = places

    async def at(self, page_id: UUID, organisation_id: UUID, moment: datetime) -> PageThen | None:
        """None: the organisation had no such page yet, or no more. Raises StoreUnavailable, and NotAllowed
        when more events than are read for one answer would have to be."""
        if not await owns(self._store, organisation_id, page_id):
            return None
        position = await self._store.position_at(page_id, moment)
        document = await self._folded(page_id, position)
        if document is None:
            return None
        view = render(page_id, document, position, self._places)
        later = await self._later(page_id, position, moment)
        corrected = _corrected(document, later) or await self._said_otherwise(
            document, later, position, moment
        )
        return PageThen(view, position, corrected)

    async def _folded(self, page_id: UUID, position: int) -> dict[str, Any] | None:
        documents: Documents = {}
        async for part in events_about(self._store, self._codec, page_id, (0, position), SHOWN_TYPES):
            fold(PAGES, documents, part)
        return documents.get(str(page_id))

    async def _later(self, page_id: UUID, position: int, moment: datetime) -> list[RecordedEvent]:
        found: list[RecordedEvent] = []
        async for part in events_about(self._store, self._codec, page_id, (position, END), SPEAKING_TYPES):
            found += corrections(part, moment)
        return found

    async def _said_otherwise(
        self, document: dict[str, Any], later: list[RecordedEvent], position: int, moment: datetime
    ) -> bool:
        """Whether a component is now known to have had another status then."""
        spoken_of = {event.data["component_id"]: event.position for event in later if _of_component(event)}
        for component_id in spoken_of.keys() & document["components"].keys():
            stream = COMPONENT.stream(component_id)
            events = await events_of(self._store, self._codec, stream)
            then = [event for event in events if event.position <= position]
            added = {event.position for event in later if event.stream == stream}
            since = [event for event in events if event.position in added]
            if _differs(Words(UUID(component_id)), then, since, moment):
                return True
        return False


def _of_component(event: RecordedEvent) -> bool:
    return "component_id" in event.data


def _differs(words: Words, then: list[RecordedEvent], since: list[RecordedEvent], moment: datetime) -> bool:
    words.add(then)
    before = _status_at(words, moment)
    words.add(since)
    return _status_at(words, moment) is not before


def _status_at(words: Words, moment: datetime) -> ComponentStatus | None:
    held = words.held_at(moment)
    return None if held is None else held[0]


def _corrected(document: dict[str, Any], later: list[RecordedEvent]) -> bool:
    """Whether incidents, maintenances or the page itself would have been shown otherwise."""
    if not later:
        return False
    page_id = document["page"]["id"]
    documents: Documents = {page_id: deepcopy(document)}
    fold(PAGES, documents, later)
    now = documents[page_id]
    return now is None or _told(now, document) != _told(document, document)


def _told(document: dict[str, Any], of: dict[str, Any]) -> object:
    """What it says, and of the components that `of` has, without their statuses."""
    components = {key: _details(document["components"].get(key)) for key in of["components"]}
    return _without(BOOKKEEPING, {**document, "components": components})


def _details(component: dict[str, Any] | None) -> Any:
    return _without(STATUS, component)


def _without(names: frozenset[str], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _without(names, each) for key, each in value.items() if key not in names}
