"""What was known of a component's statistics at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.store import EventStore
from service.domain.component import COMPONENT
from service.domain.statuspage import STATUSPAGE
from service.domain.uptime import Change
from service.past.corrections import corrections
from service.past.reading import END, events_about, events_of
from service.past.words import Words
from service.readmodels.component_incidents import Holding, holding_of
from service.readmodels.statistics import Present
from service.timestamps import parsed
from workers.projections.folding import Documents, fold
from workers.projections.holds import HOLDS
from workers.projections.incidents import INCIDENTS
from workers.projections.pages import PAGES

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Facts:
    """The component, its words and the incidents about its page, folded from the same events."""

    present: Present
    words: Words
    incidents: Documents

    def changes(self) -> list[Change]:
        return [Change(statement.at, statement.status) for statement in self.words.statements()]

    def holdings(self, span: Span) -> list[Holding]:
        """As ComponentIncidents.between has them."""
        found = [each for key in self.words.holds for each in self._holding(key, span)]
        return sorted(found, key=lambda each: (parsed(each.incident["started_at"]), each.incident["id"]))

    def settled(self, moment: datetime) -> "Facts":
        """With the present that all words together give of `moment`, whichever was said last."""
        held = self.words.held_at(moment)
        if held is None:
            return self
        return replace(self, present=replace(self.present, status=held[0], status_since=held[1]))

    def _holding(self, key: str, span: Span) -> Iterable[Holding]:
        hold = self.words.holds[key]
        incident = self.incidents.get(key.partition("/")[2])
        if hold is not None and incident is not None:
            _, _, since, until = HOLDS.row(key, hold)
            if until is None or (since < span[1] and until >= span[0]):
                yield holding_of(hold, incident)


@dataclass(frozen=True, slots=True)
class ComponentThen:
    """`shown`: what was known at the time. `known`: with what was said later of it; None: nothing was.
    `zone`: the page's at that time. `position`: of the last event about the page recorded by then."""

    shown: Facts
    known: Facts | None
    zone: ZoneInfo
    position: int


class ComponentPast:
    def __init__(self, store: EventStore, codec: Codec) -> None:
        self._store = store
        self._codec = codec

    async def at(self, component_id: UUID, organisation_id: UUID, moment: datetime) -> ComponentThen | None:
        """None: the organisation had no such component yet, or no more. Raises StoreUnavailable, and
        NotAllowed when more events than are read for one answer would have to be."""
        stream = COMPONENT.stream(component_id)
        first = await self._store.read_stream(stream, limit=1)
        if not first or first[0].tenant_id != organisation_id:
            return None
        page_id = UUID(first[0].data["page_id"])
        events = await events_of(self._store, self._codec, stream)
        position = await self._store.position_at(page_id, moment)
        zone = await self._zone(page_id, position)
        about = [*events, *await self._incidents(page_id)] if _holds(events) else events
        then = [event for event in about if event.position <= position]
        shown = _facts(component_id, then)
        if zone is None or shown is None:
            return None
        later = corrections((event for event in about if event.position > position), moment)
        known = _facts(component_id, [*then, *later]) if later else None
        return ComponentThen(shown, known, zone, position)

    async def _zone(self, page_id: UUID, position: int) -> ZoneInfo | None:
        """None: the page was gone."""
        documents: Documents = {}
        events = await events_of(self._store, self._codec, STATUSPAGE.stream(page_id))
        fold(PAGES, documents, [event for event in events if event.position <= position])
        document = documents.get(str(page_id))
        return None if document is None else ZoneInfo(document["page"]["time_zone"])

    async def _incidents(self, page_id: UUID) -> list[RecordedEvent]:
        found: list[RecordedEvent] = []
        types = INCIDENTS.folds.keys()
        async for part in events_about(self._store, self._codec, page_id, (0, END), types):
            found += part
        return found


def _holds(events: Sequence[RecordedEvent]) -> bool:
    return any(event.type in HOLDS.folds for event in events)


def _facts(component_id: UUID, events: Sequence[RecordedEvent]) -> Facts | None:
    """None: there was no such component."""
    words = Words(component_id)
    incidents: Documents = {}
    words.add(events)
    fold(INCIDENTS, incidents, events)
    present = words.present()
    return None if present is None else Facts(present, words, incidents)
